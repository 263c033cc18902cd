// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@testable import Conformance

@Suite("Whole runs", .timeLimit(.minutes(15)))
struct WholeRunTests {
    @Test("a good server passes, and the report is there")
    func goodServer() throws {
        try WholeRun.run(["--launch", foreign("padded_threads"), "--seed", "7"]) {
            status, output, folder in
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
        try WholeRun.run(["--launch", launch]) { status, output, folder in
            #expect(status == .failed)
            #expect(output.contains("FAIL say.broadcast"), "\(output)")
            #expect(output.contains("--launch '\(launch)'"), "\(output)")
            let captures = try Files.entries(of: "\(folder)/captures")
            #expect(captures.contains { $0.hasSuffix("say.broadcast.pcapng") })
        }
        try WholeRun.run(["--launch", launch, "--exit-zero", "--capture", "none"]) {
            status, _, folder in
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
            try WholeRun.run(words) { status, output, folder in
                #expect(status == .unreachable, "\(output)")
                #expect(Files.exists("\(folder)/report.json"))
            }
        }
    }

    @Test("all that is sent can be cut, by a plan or by each of a family")
    func cuts() throws {
        let launch = ["--launch", foreign("padded_threads")]
        try WholeRun.run(launch + ["--split", "every:50"]) { status, output, _ in
            #expect(status == .success, "\(output)")
            #expect(output.contains("proven to arrive as cuts"), "\(output)")
        }
        try WholeRun.run(launch + ["--split", "edges", "--reuse"]) { status, output, folder in
            #expect(status == .success, "\(output)")
            let report = String(decoding: try Files.read("\(folder)/report.json"), as: UTF8.self)
            #expect(report.contains("say.broadcast{at:1}"))
            #expect(report.contains("say.broadcast{straddle}"))
        }
    }

    @Test("several jobs come to the same verdicts in the same order", arguments: ["1", "4"])
    func jobs(count: String) throws {
        let words = ["--seed", "7", "--only", "say.*", "--jobs", count]
        var alone: [String] = []
        try WholeRun.run(["--launch", foreign("padded_threads")] + words.dropLast(2)) {
            _, _, folder in
            alone = try WholeRun.verdicts(folder)
        }
        #expect(alone.count > 4)
        try WholeRun.run(["--launch", foreign("padded_threads")] + words) {
            status, output, folder in
            #expect(status == .success, "\(output)")
            let found = try WholeRun.verdicts(folder)
            #expect(found == alone)
        }
        let wrong = ["--launch", foreign("degenerate error"), "--fail-fast"]
        var first: [String] = []
        try WholeRun.run(wrong + words.dropLast(2)) { _, _, folder in
            first = try WholeRun.verdicts(folder)
        }
        #expect(first.count > 1 && first.count < alone.count)
        try WholeRun.run(wrong + words) { status, output, folder in
            #expect(status == .failed, "\(output)")
            let found = try WholeRun.verdicts(folder)
            #expect(found == first)
        }
    }

    @Test("jobs that share a server are one, and that is said")
    func jobsOfOneServer() throws {
        try WholeRun.run(["--launch", foreign("padded_threads"), "--reuse", "--jobs", "3"]) {
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
            try WholeRun.run(["--launch", foreign("padded_threads")] + words) {
                status, output, folder in
                #expect(status == .success, "\(output)")
                let bytes = try Files.read("\(folder)/report.json")
                let report = String(decoding: bytes, as: UTF8.self)
                #expect(report.contains("\"event\": \"received\"") == isKept)
            }
        }
    }

    @Test("with --json standard output is the report, byte for byte")
    func json() throws {
        let words = [
            "run", "padded", "--specs", repositoryPath("specs"), "--json", "--only",
            "say.broadcast", "--launch",
        ]
        try WholeRun.inFolder { folder in
            let place = ["--report", folder]
            let right = ProgramCall(words + [foreign("padded_threads")] + place)
            #expect(right.status == .success)
            let file = try Files.read("\(folder)/report.json")
            #expect(Array(right.output.utf8) == file)
            #expect(right.errors == "")
            let wrong = ProgramCall(words + ["no-such-server-here {port}"] + place)
            #expect(wrong.status == .unreachable)
            #expect(wrong.errors.contains("error: the server (no-such-server-here"))
        }
    }
}
