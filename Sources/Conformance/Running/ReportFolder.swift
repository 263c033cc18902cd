// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Reports
import Specs

/// Where a run leaves its report and its evidence.
struct ReportFolder {
    let path: String

    /// `given`, or a folder of its own under `results/`, named by the run's begin.
    init(given: String?, protocolName: String, started: WallTime) {
        let moment = started.description.utf8.filter { $0 != UInt8(ascii: ":") }
        path =
            given
            ?? PathText.join(
                "results", String(decoding: moment, as: UTF8.self), protocolName)
    }

    /// Writes `report.json`; returns its path.
    func write(_ report: Report, _ suite: Suite) throws(FileError) -> String {
        let file = PathText.join(path, "report.json")
        try Files.makeDirectories(path)
        try Files.write(
            JSONReport.bytes(of: report, requirements: suite.requirements), to: file)
        return file
    }
}
