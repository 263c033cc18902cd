// SPDX-License-Identifier: Apache-2.0

import Posix
import Synchronization
import Testing

@testable import Conformance

@Suite("Whole runs", .timeLimit(.minutes(15)))
struct WholeRunTests {
    private final class Text: Sendable {
        let value = Mutex("")
        func append(_ text: String) { value.withLock { $0 += text } }
    }

    /// Runs what concerns saying something, with a report in a folder of its own.
    private func run(
        _ words: [String], _ check: (ProgramStatus, String, _ folder: String) throws -> Void
    ) throws {
        let folder = try Files.makeTemporaryDirectory(prefix: "conformance-test")
        defer { try? Files.removeTree(folder) }
        let output = Text()
        let console = Console(print: { output.append($0) }, complain: { output.append($0) })
        let always = [
            "run", "padded", "--specs", repositoryPath("specs"), "--report", folder,
            "--only", "say.broadcast", "--timeout", "500ms", "--timeout-scale", "4",
        ]
        // The program takes signals over; here that is the test's thread only.
        let status = Program.run(always + words, console: console)
        try check(status, output.value.withLock { $0 }, folder)
    }

    @Test("a good server passes, and the report is there")
    func goodServer() throws {
        try run(["--launch", foreign("padded_threads"), "--seed", "7"]) { status, output, folder in
            #expect(status == .success, "\(output)")
            #expect(output.contains("seed 7"))
            let report = String(decoding: try Files.read("\(folder)/report.json"), as: UTF8.self)
            #expect(report.contains("\"id\": \"say.broadcast\""))
            #expect(!Files.exists("\(folder)/captures"))
        }
    }

    @Test("a bad server fails, with a line that replays it and a capture")
    func badServer() throws {
        let launch = foreign("degenerate error")
        try run(["--launch", launch]) { status, output, folder in
            #expect(status == .failed)
            #expect(output.contains("FAIL say.broadcast"), "\(output)")
            #expect(output.contains("--launch '\(launch)'"), "\(output)")
            let captures = try Files.entries(of: "\(folder)/captures")
            #expect(captures.contains { $0.hasSuffix("say.broadcast.pcapng") })
        }
        try run(["--launch", launch, "--exit-zero", "--capture", "none"]) { status, _, folder in
            #expect(status == .success)
            #expect(!Files.exists("\(folder)/captures"))
        }
    }

    @Test("a server that is not there is no failure of its scenarios, and there is a report")
    func nobodyThere() throws {
        var random = SystemRandomNumberGenerator()
        let port = try FreePort.find(on: .loopback4, using: &random)
        for words in [
            ["--target", "127.0.0.1:\(port)"], ["--launch", "no-such-server-here {port}"],
            ["--launch", "sh -c 'echo no licence; exit 3' {port}"],
        ] {
            try run(words) { status, output, folder in
                #expect(status == .unreachable, "\(output)")
                #expect(Files.exists("\(folder)/report.json"))
            }
        }
    }

    @Test("all that is sent can be cut, by a plan or by each of a family")
    func cuts() throws {
        let launch = ["--launch", foreign("padded_threads")]
        try run(launch + ["--split", "every:50"]) { status, output, _ in
            #expect(status == .success, "\(output)")
            #expect(output.contains("proven to arrive as cuts"), "\(output)")
        }
        try run(launch + ["--split", "edges", "--reuse"]) { status, output, folder in
            #expect(status == .success, "\(output)")
            let report = String(decoding: try Files.read("\(folder)/report.json"), as: UTF8.self)
            #expect(report.contains("say.broadcast{at:1}"))
            #expect(report.contains("say.broadcast{straddle}"))
        }
    }

    /// The lines that say what a report's scenarios are and came to.
    private func verdicts(_ folder: String) throws -> [String] {
        String(decoding: try Files.read("\(folder)/report.json"), as: UTF8.self)
            .split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("      \"id\"") || $0.hasPrefix("      \"verdict\"") }
    }

    @Test("several jobs come to the same verdicts in the same order", arguments: ["1", "4"])
    func jobs(count: String) throws {
        let words = ["--seed", "7", "--only", "say.*", "--jobs", count]
        var alone: [String] = []
        try run(["--launch", foreign("padded_threads")] + words.dropLast(2)) { _, _, folder in
            alone = try verdicts(folder)
        }
        #expect(alone.count > 4)
        try run(["--launch", foreign("padded_threads")] + words) { status, output, folder in
            #expect(status == .success, "\(output)")
            let found = try verdicts(folder)
            #expect(found == alone)
        }
        let wrong = ["--launch", foreign("degenerate error"), "--fail-fast"]
        var first: [String] = []
        try run(wrong + words.dropLast(2)) { _, _, folder in first = try verdicts(folder) }
        #expect(first.count > 1 && first.count < alone.count)
        try run(wrong + words) { status, output, folder in
            #expect(status == .failed, "\(output)")
            let found = try verdicts(folder)
            #expect(found == first)
        }
    }

    @Test("jobs that share a server are one, and that is said")
    func jobsOfOneServer() throws {
        try run(["--launch", foreign("padded_threads"), "--reuse", "--jobs", "3"]) {
            status, output, folder in
            #expect(status == .success, "\(output)")
            #expect(output.contains("note: --jobs 3 is taken as 1"), "\(output)")
            let report = String(decoding: try Files.read("\(folder)/report.json"), as: UTF8.self)
            #expect(report.contains("--jobs 3 is taken as 1"))
        }
    }

    @Test("whole transcripts of what passed are kept where all are asked for")
    func transcripts() throws {
        for (words, isKept) in [([], false), (["--transcripts", "all"], true)] {
            try run(["--launch", foreign("padded_threads")] + words) { status, output, folder in
                #expect(status == .success, "\(output)")
                let bytes = try Files.read("\(folder)/report.json")
                let report = String(decoding: bytes, as: UTF8.self)
                #expect(report.contains("\"event\": \"received\"") == isKept)
            }
        }
    }

    @Test("with --json standard output is the report, byte for byte")
    func json() throws {
        let folder = try Files.makeTemporaryDirectory(prefix: "conformance-test")
        defer { try? Files.removeTree(folder) }
        let (output, errors) = (Text(), Text())
        let console = Console(print: { output.append($0) }, complain: { errors.append($0) })
        let words = [
            "run", "padded", "--specs", repositoryPath("specs"), "--report", folder, "--json",
            "--only", "say.broadcast", "--launch",
        ]
        #expect(Program.run(words + [foreign("padded_threads")], console: console) == .success)
        let file = try Files.read("\(folder)/report.json")
        #expect(Array(output.value.withLock { $0 }.utf8) == file)
        #expect(errors.value.withLock { $0 } == "")
        #expect(
            Program.run(words + ["no-such-server-here {port}"], console: console) == .unreachable)
        #expect(errors.value.withLock { $0 }.contains("error: the server (no-such-server-here"))
    }

    @Test("rounds end at the first that fails, and the failed ones can be run and judged again")
    func failedAgain() throws {
        let bad = ["--launch", foreign("degenerate error"), "--seed", "7"]
        let specs = ["--specs", repositoryPath("specs")]
        try run(bad + ["--until-fail"]) { status, output, folder in
            #expect(status == .failed, "\(output)")
            #expect(output.contains("round 1 failed (seed 7)"), "\(output)")
            let before = try verdicts(folder)
            try again(["run", "padded", "--rerun-failed", folder] + specs + bad.prefix(2)) {
                status, _, second in
                let after = try verdicts(second)
                #expect(status == .failed)
                #expect(after == before)
            }
            try again(["run", "padded", "--rerun-failed", folder, "--only", "x"] + specs + bad) {
                status, output, _ in
                #expect(status == .usage)
                #expect(output.contains("exclude each other"), "\(output)")
            }
            try judge(folder) { status, output in
                #expect(status == .failed)
                #expect(output.contains("no verdict has changed"), "\(output)")
                #expect(output.contains("FAIL say.broadcast"), "\(output)")
            }
        }
    }

    @Test("a good run of several rounds is judged again from its transcripts")
    func judgedAgain() throws {
        let words = ["--launch", foreign("padded_threads"), "--seed", "7", "--repeat", "3"]
        try run(words + ["--transcripts", "all"]) { status, output, folder in
            #expect(status == .success, "\(output)")
            #expect(output.contains("3 rounds were run"), "\(output)")
            #expect(!output.contains("unstable"), "\(output)")
            try judge(folder) { status, output in
                #expect(status == .success)
                #expect(output.contains("no verdict has changed"), "\(output)")
                #expect(!output.contains("no transcript"), "\(output)")
            }
            try again(["run", "padded", "--rerun-failed", "\(folder)/report.json"] + words) {
                status, output, _ in
                #expect(status == .success)
                #expect(output.contains("nothing is to be run again"), "\(output)")
            }
        }
        try run(words) { _, _, folder in
            try judge(folder) { status, output in
                #expect(status == .success)
                #expect(output.contains("have no transcript"), "\(output)")
                #expect(output.contains("nothing could be judged again"), "\(output)")
            }
        }
    }

    private func judge(_ folder: String, _ check: (ProgramStatus, String) throws -> Void) throws {
        let words = ["judge", folder, "--specs", repositoryPath("specs")]
        let output = Text()
        let console = Console(print: { output.append($0) }, complain: { output.append($0) })
        let status = Program.run(words, console: console)
        try check(status, output.value.withLock { $0 })
    }

    /// Runs with a report in another folder of its own.
    private func again(
        _ words: [String], _ check: (ProgramStatus, String, _ folder: String) throws -> Void
    ) throws {
        let folder = try Files.makeTemporaryDirectory(prefix: "conformance-test")
        defer { try? Files.removeTree(folder) }
        let output = Text()
        let console = Console(print: { output.append($0) }, complain: { output.append($0) })
        let status = Program.run(words + ["--report", folder], console: console)
        try check(status, output.value.withLock { $0 }, folder)
    }
}
