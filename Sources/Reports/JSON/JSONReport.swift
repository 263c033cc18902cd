// SPDX-License-Identifier: Apache-2.0

import Bytes
package import ConformanceCore
import JSONText
package import Specs

/// Writes `report.json`, the one file that everything else can be made from.
///
/// Its shape is `specs/schema/report.schema.json`; docs/report.md says it in words. The same
/// report is always written in the same bytes.
package struct JSONReport {
    let report: Report
    let requirements: Requirements
    let transcripts: TranscriptSelection

    private init(
        _ report: Report, _ requirements: Requirements, _ transcripts: TranscriptSelection
    ) {
        self.report = report
        self.requirements = requirements
        self.transcripts = transcripts
    }

    /// The file's bytes, with a line feed at their end.
    package static func bytes(
        of report: Report, requirements: Requirements,
        transcripts: TranscriptSelection = .unsuccessful
    ) -> [UInt8] {
        let json = JSONReport(report, requirements, transcripts)
        var writer = JSONWriter(style: .pretty)
        writer.object { json.write(to: &$0) }
        return writer.takeBytes()
    }

    private func write(to file: inout JSONObjectWriter) {
        file.member("schemaVersion", Report.schemaVersion)
        file.object("tool") {
            $0.member("name", report.tool.name)
            $0.member("version", report.tool.version)
        }
        file.member("protocol", report.protocolName)
        file.object("suite") {
            $0.member("version", report.tool.version)
            $0.member("hash", report.suiteHash)
        }
        file.member("seed", String(report.seed))
        file.member("started", report.started)
        file.milliseconds("durationMs", report.duration)
        file.object("server") { writeServer(to: &$0) }
        file.strings("environment", report.environment)
        file.object("options") { writeOptions(to: &$0) }
        file.member("notes", report.notes)
        if let abandonment = report.abandoned {
            file.object("abandoned") { write(abandonment, to: &$0) }
        }
        file.object("summary") { writeSummary(to: &$0) }
        file.array("scenarios") { list in
            for scenario in report.scenarios { list.object { write(scenario, to: &$0) } }
        }
        file.object("coverage") { write(report.coverage, to: &$0) }
        if let splitting = report.splitting {
            file.object("splitting") { write(splitting, to: &$0) }
        }
    }

    private func writeServer(to object: inout JSONObjectWriter) {
        switch report.server {
        case .address(let address):
            object.member("kind", "address")
            object.member("address", address)
        case .launched(let command, let isReused):
            object.member("kind", "launched")
            object.member("command", command)
            object.member("reused", isReused)
        }
    }

    private func writeOptions(to object: inout JSONObjectWriter) {
        let options = report.options
        object.member("strict", options.isStrict)
        object.milliseconds("timeoutMs", options.timeout)
        object.member("timeoutScale", Int(options.timeoutScale))
        object.optional("split", options.split)
        object.optional("splitForm", options.splitForm)
        object.optional("splitReach", options.splitReach.reported)
        object.member("pace", options.pace)
        object.member("only", options.only)
        object.strings("features", options.features)
        object.optional("users", options.users)
    }

    private func write(_ abandonment: Abandonment, to object: inout JSONObjectWriter) {
        switch abandonment {
        case .unreachable(let message, let output):
            object.member("reason", "unreachable")
            object.member("message", message)
            object.bytes("output", output)
        case .interrupted: object.member("reason", "interrupted")
        case .failedFast: object.member("reason", "failedFast")
        }
    }

    private func writeSummary(to object: inout JSONObjectWriter) {
        let counts = report.counts
        object.member("scenarios", report.scenarios.count)
        for verdict in Verdict.allCases { object.member(verdict.rawValue, counts[verdict] ?? 0) }
    }
}

/// Whose transcripts a report holds.
package enum TranscriptSelection: Equatable, Sendable {
    case none
    /// Those of scenarios that came to `warn`, `fail`, `inconclusive` or `error`.
    case unsuccessful
    case all

    func holds(_ verdict: Verdict) -> Bool {
        switch self {
        case .none: false
        case .unsuccessful: verdict.isUnsuccessful
        case .all: true
        }
    }
}
