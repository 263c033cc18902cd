// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Reports

/// Where a run leaves its report and its evidence.
struct ReportFolder {
    let path: String

    init(given: String?, protocolName: String, started: WallTime) {
        let moment = started.description.utf8.filter { $0 != UInt8(ascii: ":") }
        path = given ?? PathText.join(
            "results", String(decoding: moment, as: UTF8.self), protocolName)
    }

    var reportPath: String { PathText.join(path, "report.json") }
}

extension ReportFolder {
    func write(_ report: Report) -> String? { nil }
    func capture(_ report: ScenarioReport, _ which: RunRequest.Capture) -> String? { nil }
}
