// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Foundation
import JSONText
import Reports
import Specs
import Testing

@Suite("report.json")
struct JSONReportTests {
    private let rich: RichReport
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init() throws {
        rich = try RichReport()
    }

    private func tree(
        _ report: Report, _ transcripts: TranscriptSelection = .unsuccessful
    ) throws -> JSONNode {
        let bytes = JSONReport.bytes(
            of: report, requirements: rich.requirements, transcripts: transcripts)
        return try JSONReader.parse(
            whole: bytes, limits: JSONLimits(maximumBytes: 1 << 24), duplicateKeys: .refuse)
    }

    @Test("a report with every verdict, kind of finding, event and hostile bytes fits the schema")
    func schema() throws {
        var reports = [rich.everything, rich.report([])]
        reports[1].server = .address("127.0.0.1:9000")
        reports[1].options.split = nil
        reports[1].abandoned = .failedFast
        for report in reports {
            let file = FileManager.default.temporaryDirectory
                .appending(path: "chatspec-\(UUID().uuidString).json")
            defer { try? FileManager.default.removeItem(at: file) }
            let bytes = JSONReport.bytes(
                of: report, requirements: rich.requirements, transcripts: .all)
            try Data(bytes).write(to: file)
            #expect(try problems(of: file) == "")
        }
    }

    @Test("the schema refuses a report with a member that it does not know")
    func schemaIsStrict() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "chatspec-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let text = String(
            decoding: JSONReport.bytes(of: rich.report([]), requirements: rich.requirements),
            as: UTF8.self)
        try Data(text.replacing("\"seed\"", with: "\"sead\"").utf8).write(to: file)
        #expect(try problems(of: file).contains("sead"))
    }

    /// What jsonschema has to say of a file; Debian's interpreter has it, or the one on the PATH.
    private func problems(of file: URL) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            for python in /usr/bin/python3 python3; do
                "$python" -c 'import jsonschema' 2> /dev/null && exec "$python" "$@"
            done
            echo 'jsonschema is missing; `make setup` installs it'
            """, "sh", "-c",
            """
            import json, sys, jsonschema
            schema, report = (json.load(open(name)) for name in sys.argv[1:])
            validator = jsonschema.Draft202012Validator(schema)
            for error in validator.iter_errors(report): print(error.json_path, error.message[:300])
            """, Self.root.appending(path: "specs/schema/report.schema.json").path, file.path,
        ]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text : text + "status \(process.terminationStatus)"
    }

    @Test("the same report is written in the same bytes, names in order")
    func deterministic() throws {
        let first = JSONReport.bytes(of: rich.everything, requirements: rich.requirements)
        for _ in 0..<3 {
            let again = try RichReport()
            #expect(
                JSONReport.bytes(of: again.everything, requirements: again.requirements) == first)
        }
        guard case .object(let members)? = try tree(rich.report([]))["environment"]?.value else {
            throw Missing()
        }
        #expect(members.map(\.key) == [Array("cores".utf8), Array("system".utf8)])
    }

    @Test("readable bytes are text, others Base64; nothing hostile stands in the file")
    func bytes() throws {
        let written = JSONReport.bytes(of: rich.everything, requirements: rich.requirements)
        #expect(!written.contains { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F })
        #expect(!String(decoding: written, as: UTF8.self).unicodeScalars.contains("\u{202E}"))
        let base64 = Base64.encode(RichReport.hostile)
        #expect(String(decoding: written, as: UTF8.self).contains("\"base64\": \"\(base64)\""))
    }

    @Test("the seed keeps all its digits")
    func seed() throws {
        #expect(
            try tree(rich.report([]))["seed"]?.value
                == .string(Array("18446744073709551615".utf8)))
    }

    @Test("a report holds the transcripts that are selected")
    func selection() throws {
        let transcript = rich.transcript(bobReceives: [])
        let report = rich.report([
            rich.scenario(.pass, transcript: transcript),
            rich.scenario(.fail, transcript: transcript),
        ])
        func kept(_ selection: TranscriptSelection) throws -> [Bool] {
            guard case .array(let scenarios)? = try tree(report, selection)["scenarios"]?.value
            else {
                throw Missing()
            }
            return scenarios.map { $0["transcript"] != nil }
        }
        #expect(try kept(.none) == [false, false])
        #expect(try kept(.unsuccessful) == [false, true])
        #expect(try kept(.all) == [true, true])
    }

    @Test("a finding says what would have been accepted, what came, and where it departs")
    func finding() throws {
        let kind = RichReport.allKinds[0]
        let transcript = rich.transcript(bobReceives: [Array("[alice] ho".utf8)])
        let scenario = rich.scenario(
            .fail, findings: [rich.finding(kind, message: 0)], transcript: transcript)
        guard
            case .array(let scenarios)? = try tree(rich.report([scenario]))["scenarios"]?.value,
            case .array(let findings)? = scenarios.first?["findings"]?.value,
            let finding = findings.first
        else { throw Missing() }
        #expect(finding["kind"]?.value == .string(Array("mismatch".utf8)))
        #expect(finding["sentence"]?.value == .string(Array("It must.".utf8)))
        #expect(finding["actual"]?["text"]?.value == .string(Array("[alice] ho".utf8)))
        #expect(finding["nearest"]?["text"]?.value == .string(Array("[alice] hi".utf8)))
        #expect(finding["connection"]?.value == .string(Array("bob".utf8)))
        #expect(finding["hexDump"] == nil)
    }

    private struct Missing: Error {}
}
