// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Foundation
import Posix
import Testing

@testable import Conformance

@Suite("Servers that are in the middle of what was sent", .timeLimit(.minutes(15)))
struct SocketWorldReadingTests {
    private static let steps = """
        "requirements": ["must"], "steps": [{ "peer": "bob", "connect": true },
          { "peer": "bob", "send": "hi" }, { "peer": "bob", "expect": "done" }]
        """

    /// Reads a frame ten bytes at a time up to a place, and answers one that it has whole.
    private static func server(
        readingUpTo end: Int, until isOver: DispatchSemaphore
    ) throws -> TestServer {
        try TestServer { socket in
            var bytes = [UInt8](repeating: 0, count: 10)
            var count = 0
            let deadline = MonotonicClock.deadline(after: 60_000_000_000)
            while count < end {
                Thread.sleep(forTimeInterval: 0.1)
                _ = try socket.waits(for: .readable, until: deadline)
                let result = try bytes.withUnsafeMutableBytes { try socket.receive(into: $0) }
                guard case .processed(let more) = result else { return }
                count += more
            }
            if end == 200 { _ = try socket.send(frame("done")) }
            isOver.wait()
        }
    }

    @Test("who reads slowly is not silent: an answer is waited for anew while reading goes on")
    func slowReader() throws {
        let isOver = DispatchSemaphore(value: 0)
        defer { isOver.signal() }
        let server = try Self.server(readingUpTo: 200, until: isOver)
        let transcript = try transcript(Self.steps, at: server.address, timeout: 700)
        // What follows is the sweep, which it does not answer.
        #expect(transcript.outcomes.prefix(3) == [.held, .held, .held])
    }

    @Test("who stops reading in the middle is waited for no longer than ever after that")
    func stoppingReader() throws {
        let isOver = DispatchSemaphore(value: 0)
        defer { isOver.signal() }
        let server = try Self.server(readingUpTo: 20, until: isOver)
        let transcript = try transcript(Self.steps, at: server.address, timeout: 3_000)
        #expect(transcript.outcomes == [.held, .held, .silent])
        #expect((transcript.entries.last?.time ?? .max) < 10_000_000_000)
    }

    @Test("a peer that reads nothing is full, too, where its server sends it nothing more")
    func fullBehindSomethingElse() throws {
        // As a proxy does that awaits that each segment is read.
        let setting = WorldSetting.forTests()
        let relay = """
            import socket, sys
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            a = l.accept()[0]; b = l.accept()[0]; a.send(b"x")
            while b.recv(65536): pass
            """
        let launcher = try ServerLauncher.forTests("python3 -c '\(relay)' {port}", setting: setting)
        let server = try launcher.launch()
        defer { server.kill() }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [{ "peer": "stuck", "connect": true },
              { "peer": "stuck", "stopReading": true }, { "peer": "talker", "connect": true },
              { "peer": "talker", "fill": { "send": "much", "stalled": "stuck" } }]
            """, at: server.address, setting: setting)
        let backlogs = transcript.events.compactMap { event -> Int? in
            if case .backlog(_, let bytes) = event { bytes } else { nil }
        }
        #expect(transcript.outcomes.prefix(4) == [.held, .held, .held, .held])
        #expect(backlogs.last == 1)
        #expect(backlogs.count < 10)
    }
}
