// SPDX-License-Identifier: Apache-2.0

import Posix
import Synchronization
import Testing

@testable import Conformance

@Suite("Whole runs", .timeLimit(.minutes(2)))
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
}
