// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import JSONText
import Reports
import Testing

@Suite("Reports read back")
struct TranscriptReaderTests {
    private let rich: RichReport

    init() throws { rich = try RichReport() }

    private func stored(_ report: Report) throws -> StoredReport {
        try StoredReport(
            reading: JSONReport.bytes(
                of: report, requirements: rich.requirements, transcripts: .all))
    }

    @Test("every event, hostile bytes included, is read back as it was")
    func transcripts() throws {
        let report = rich.everything
        let read = try stored(report)
        #expect(read.scenarios.count == report.scenarios.count)
        for (scenario, entry) in zip(report.scenarios, read.scenarios) {
            let node = try #require(entry.transcript)
            let transcript = try TranscriptReader.transcript(node, of: scenario.plan)
            #expect(transcript == scenario.transcript)
        }
    }

    @Test("what cases are called and came to, and what the run was asked for, is read back")
    func cases() throws {
        var report = rich.everything
        report.scenarios[1].seed = .max
        let read = try stored(report)
        #expect(read.protocolName == "padded")
        #expect(read.seed == .max)
        #expect(read.options == report.options)
        #expect(read.server == report.server)
        #expect(read.suiteHash == report.suiteHash)
        #expect(read.scenarios.map(\.verdict) == report.scenarios.map(\.verdict))
        #expect(read.scenarios.map(\.caseID) == report.scenarios.map(\.plan.caseID))
        #expect(read.scenarios.map(\.split) == report.scenarios.map(\.split))
        #expect(read.scenarios[1].seed == .max)
        #expect(read.scenarios[0].seed == nil)
        #expect(read.scenarios[0].duration == 12_345_000)
    }

    @Test(
        "what is no report is refused with its place",
        arguments: [
            ("", "line 1"), ("[]", "schemaVersion"), ("{}", "schemaVersion"),
            (#"{"schemaVersion": 2}"#, "known is 1"), (#"{"schemaVersion": 1}"#, "'protocol'"),
            (#"{"schemaVersion": 1, "protocol": 3}"#, "line 1, column 34: 'protocol'"),
        ])
    func refusals(text: String, message: String) {
        do {
            _ = try StoredReport(reading: Array(text.utf8))
            Issue.record("it was taken for a report")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test(
        "a transcript that does not fit its plan is refused",
        arguments: [
            (#"{"timeNs": 1, "event": "leapt"}"#, "no event called 'leapt'"),
            (#"{"timeNs": 1, "event": "connected", "link": "eve"}"#, "no connection 'eve'"),
            (#"{"timeNs": 1, "event": "allowed", "message": 0}"#, "message 0 has not come"),
            (#"{"timeNs": 1, "event": "ended", "link": "bob", "end": "x"}"#, "cannot be 'x'"),
            (#"{"event": "closed", "link": "bob"}"#, "'timeNs'"),
            (#"{"timeNs": -9223372036854775808, "event": "closed", "link": "bob"}"#, "'timeNs'"),
            (#"{"timeNs": 1, "event": "finished", "step": -1, "outcome": "held"}"#, "'step'"),
            (#"{"timeNs": 1, "event": "began", "step": 3000000000}"#, "no step 3000000000"),
            (#"{"timeNs": 1, "event": "attempt", "step": 0, "attempt": -1}"#, "'attempt'"),
            (
                #"{"timeNs": 1, "event": "received", "link": "bob", "bytes": {"base64": "?"}}"#,
                "expected is bytes"
            ),
        ])
    func misfits(entry: String, message: String) throws {
        let node = try JSONReader.parse(whole: Array(#"{"entries": [\#(entry)]}"#.utf8))
        do {
            _ = try TranscriptReader.transcript(node, of: rich.plan)
            Issue.record("it was read")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }
}
