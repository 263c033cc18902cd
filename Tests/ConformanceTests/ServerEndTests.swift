// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs
import TestSupport
import Testing

@testable import Conformance

@Suite("What the runner does to servers that it has started", .timeLimit(.minutes(5)))
struct ServerEndTests {
    /// Judges one scenario against a server that is started for it.
    private func judge(
        _ steps: String, launch line: String, timeout: Int64 = 20_000,
        startLimit: Int64 = 300_000
    ) throws -> Judgement {
        let small = SmallSuite(
            """
            "requirements": ["must"], "needs": ["launched"],
            "preamble": [{ "peer": "alice", "do": "enter" }], "steps": [\(steps)]
            """)
        #expect(small.problems == [])
        let plan = try #require(small.plans.first)
        let setting = WorldSetting.forTests()
        let launcher = try ServerLauncher.forTests(line, limit: startLimit, setting: setting)
        let server = try launcher.launch()
        let interpreter = Interpreter(plan: plan, timing: Timing(timeout: timeout * 1_000_000))
        let world = SocketWorld(
            interpreter, at: server.address, server: server, launcher: launcher, setting: setting)
        defer {
            world.abandon()
            server.kill()
        }
        try world.run()
        let requirements = try #require(small.suite).requirements
        return Judge.judge(plan, world.interpreter.transcript, requirements: requirements)
    }

    private var server: String { foreign("padded_threads") }

    /// A server that writes a file before it serves.
    private func writing(_ text: String) -> String {
        "sh -c 'mkdir -p $1/inner; echo \"$2\" > $1/inner/file; shift 2; exec \"$@\"' sh {dir} "
            + "'\(text)' \(server)"
    }

    @Test(
        "a server that is told to end, does and is started again is no failure",
        arguments: ["KILL", "TERM", "INT"])
    func signalled(signal: String) throws {
        let judgement = try judge(
            """
            { "server": "main", "signal": "\(signal)" }, { "server": "main", "expectExit": true },
            { "server": "main", "restart": true },
            { "peer": "bob", "do": "enter" }, { "peer": "bob", "send": "/list" },
            { "peer": "bob", "expect": { "any": true } }
            """, launch: server)
        #expect(judgement.verdict == .pass, "\(judgement.findings)")
    }

    @Test("a server that does not end within the time fails for that")
    func stubborn() throws {
        let stubborn = "sh -c 'trap \"\" INT; \"$@\"; sleep 60' sh \(server)"
        let judgement = try judge(
            """
            { "server": "main", "signal": "INT" },
            { "server": "main", "expectExit": true, "within": "100ms" }
            """, launch: stubborn)
        #expect(judgement.verdict == .fail)
        guard case .notExited? = judgement.findings.first?.kind else {
            return #expect(Bool(false), "\(judgement.findings)")
        }
    }

    @Test("a server that ends after its restart is told of, though it was told to end before")
    func endsLater() throws {
        let judgement = try judge(
            """
            { "server": "main", "signal": "KILL" }, { "server": "main", "expectExit": true },
            { "server": "main", "restart": true },
            { "peer": "bob", "do": "enter" },
            { "server": "main", "expectExit": true, "within": "50ms" }
            """, launch: server)
        guard case .notExited? = judgement.findings.first?.kind else {
            return #expect(Bool(false), "\(judgement.findings)")
        }
    }

    /// A server that does something else when it is started for the second time.
    private func changing(to second: String) -> String {
        "sh -c 'if [ -e $1/again ]; then \(second); fi; touch $1/again; shift; exec \"$@\"' sh {dir} "
            + server
    }

    private func restartFailure(_ judgement: Judgement) -> RestartFailure? {
        guard case .notRestarted(let failure)? = judgement.findings.first?.kind else { return nil }
        return failure
    }

    @Test("a server that ends when it is started again fails, with how it ended")
    func endsAtRestart() throws {
        let judgement = try judge(
            #"{ "server": "main", "restart": true }"#, launch: changing(to: "exit 3"))
        #expect(judgement.verdict == .fail)
        let failure = restartFailure(judgement)
        #expect(failure == .ended("it exited with status 3 before it listened"))
    }

    @Test("one that runs and does not listen in time shows nothing of what it keeps")
    func slowRestart() throws {
        let judgement = try judge(
            #"{ "server": "main", "restart": true }"#, launch: changing(to: "exec sleep 600"),
            startLimit: 2_000)
        #expect(judgement.verdict == .inconclusive)
        let failure = try #require(restartFailure(judgement))
        #expect(failure.isUndecided)
        #expect(failure.sentence.contains("within 2000 ms (--timeout-scale, or startLimit"))
    }

    @Test("a text in a file below the server's directory is found, and named with the file")
    func textInFile() throws {
        let steps = #"{ "server": "main", "expectFiles": { "lack": ["absent", "pass word"] } }"#
        let found = try judge(steps, launch: writing("a pass word b"))
        #expect(found.verdict == .fail)
        #expect(found.findings.map(\.kind) == [.textInFile("\"pass word\"", file: "file")])
        #expect(try judge(steps, launch: writing("a pass  word b")).verdict == .pass)
    }

    @Test(
        "so is one in a file of the directory that it works in, or in one that it has open",
        arguments: [true, false])
    func textElsewhere(worksThere: Bool) throws {
        let outside = try Files.makeTemporaryDirectory(prefix: "conformance-test")
        defer { try? Files.removeTree(outside) }
        let opening =
            worksThere
            ? "cd \(outside); echo secret word > kept;"
            : "exec 7>\(outside)/kept; echo secret word >&7;"
        let line = "sh -c '\(opening) touch $1/empty; shift; exec \"$@\"' sh {dir} \(server)"
        let steps = #"{ "server": "main", "expectFiles": { "lack": ["secret word"] } }"#
        let found = try judge(steps, launch: line)
        #expect(found.findings.map(\.kind) == [.textInFile("\"secret word\"", file: "kept")])
    }

    @Test("where there is no file to look into, nothing is shown")
    func noFile() throws {
        let steps = #"{ "server": "main", "expectFiles": { "lack": ["x"] } }"#
        let judgement = try judge(steps, launch: server)
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.findings.map(\.kind) == [.noFiles])
    }
}
