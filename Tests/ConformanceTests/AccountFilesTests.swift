// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs
import TestSupport
import Testing

@testable import Conformance

@Suite("Files of accounts, and what is said of long waits")
struct AccountFilesTests {
    private static let members = """
        "requirements": ["must"], "steps": [{ "peer": "al", "do": "login" }]
        """

    @Test("the accounts of the plans are in the file that servers are told of")
    func written() throws {
        let small = SmallCallback(Self.members)
        let files = LaunchFiles(accountsOf: try #require(small.planner))
        let line = try LaunchLine(parsing: "serve {port} {users}")
        #expect(files.areWanted(by: line))
        #expect(!files.areWanted(by: try LaunchLine(parsing: "serve {port}")))
        let folder = try TemporaryFolder()
        try files.write(for: line, into: folder.path)
        let path = files.path(of: .users, in: folder.path)
        #expect(path == folder.path + "/users.txt")
        let template = try #require(small.suite?.document.accounts)
        let names = try template.accounts(in: try Files.read(path)).map(\.name)
        #expect(names.count == AccountPool.drawnCount)
        #expect(names.contains(try #require(small.plans.first).links[0].name))
    }

    @Test("a server is started with the path of its file, which ends with it")
    func launched() throws {
        let small = SmallCallback(Self.members)
        let script = "cat {users}; exec sleep 60"
        let launcher = ServerLauncher(
            try LaunchLine(parsing: "sh -c '\(script)' {port}"), specs: "specs",
            files: LaunchFiles(accountsOf: try #require(small.planner)),
            startLimit: 300_000_000, setting: .forTests())
        let failure = #expect(throws: LaunchFailure.self) { try launcher.launch() }
        let printed = try #require(failure?.output.head)
        let template = try #require(small.suite?.document.accounts)
        #expect(try template.accounts(in: printed).count == AccountPool.drawnCount)
        let path = failure?.command[2].split(separator: " ")[1].dropLast() ?? ""
        #expect(throws: FileError.self) { try Files.read(String(path)) }
    }

    @Test("a run says how long was waited, and whether that is only assumed to be right")
    func notes() throws {
        func note(isAssumed: Bool) throws -> Set<String> {
            let small = SmallCallback(
                """
                "requirements": ["must"], "steps": [{ "peer": "al", "connect": true },
                  { "peer": "al", "patience": "receiptTimeout", "expect": "x" }]
                """)
            var plan = try #require(small.plans.first)
            for index in plan.steps.indices where plan.steps[index].patience != nil {
                plan.steps[index].patience?.isAssumed = isAssumed
            }
            var transcript = Transcript()
            let id = try #require(plan.steps.first { $0.patience != nil }).id
            transcript.entries = [
                TranscriptEntry(time: 0, event: .waited(id, nanoseconds: 5_100_000_000))
            ]
            var notes = WaitNotes()
            notes.add(
                ScenarioReport(
                    plan: plan, judgement: Judgement(verdict: .pass), duration: 0, reproduce: "",
                    transcript: transcript))
            return notes.notes
        }
        #expect(
            try note(isAssumed: false) == [
                "1 step waited for the server's receiptTimeout, which is said to be 5 s; "
                    + "the longest wait was 5.1 s"
            ])
        #expect(try note(isAssumed: true).first?.contains("--feature receiptTimeout=TIME") == true)
    }
}
