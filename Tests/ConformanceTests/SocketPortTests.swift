// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import TestSupport
import Testing

@testable import Conformance

/// Ports of the runner's own over sockets; the servers of these tests connect to what they are told.
@Suite("Ports over sockets", .timeLimit(.minutes(15)))
struct SocketPortTests {
    private struct NoNumber: Error {}

    /// The address behind `HOST PORT` or `PORT`.
    private static func told(_ bytes: [UInt8]?) throws -> SocketAddress {
        let words = String(decoding: bytes ?? [], as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard let port = words.last.flatMap({ UInt16($0) }) else { throw NoNumber() }
        let host = words.count > 1 ? IPAddress(parsing: String(words[0])) : nil
        return SocketAddress(host ?? .loopback4, port: port)
    }

    private func transcript(
        _ steps: String, at address: SocketAddress, timeout: Int64 = 5_000
    ) throws -> Transcript {
        let small = SmallCallback(#""requirements": ["must"], "steps": [\#(steps)]"#)
        #expect(small.problems == [])
        let plan = try #require(small.plans.first)
        let interpreter = Interpreter(plan: plan, timing: Timing(timeout: timeout * 1_000_000))
        let world = SocketWorld(interpreter, at: address, setting: .forTests())
        defer { world.abandon() }
        try world.run()
        return world.interpreter.transcript
    }

    private static let connected = """
        { "peer": "al", "connect": true }, { "peer": "al", "listen": "b" },
        { "peer": "al", "send": "${port:b}" }, { "peer": "al", "accept": "b" }
        """

    @Test("what the server opens is read and answered, and its cuts are proven")
    func accepts() throws {
        let receipts = Seen<[UInt8]>()
        let server = try TestServer { socket in
            let back = try Socket.connect(to: Self.told(socket.next()), within: 1_000_000_000)
            _ = try back.send(Array("/from bob hello\n".utf8))
            while let bytes = back.next(), !bytes.isEmpty { receipts.append(bytes) }
        }
        let transcript = try transcript(
            """
            \(Self.connected),
            { "peer": "al", "link": "b", "split": "at:3",
              "respond": { "to": { "any": true }, "send": "302 yes", "collect": true } },
            { "peer": "al", "link": "b", "expect": "/from bob hello" },
            { "peer": "al", "link": "b", "closeWrite": true },
            { "peer": "al", "link": "b", "expectClose": "either" }
            """, at: server.address)
        #expect(transcript.outcomes.prefix(8) == ArraySlice(repeating: .held, count: 8))
        #expect(receipts.all(count: 2) == [Array("302".utf8), Array(" yes\n".utf8)])
        let cuts = transcript.events.compactMap { event -> Bool? in
            if case .cut(_, _, _, let isProven) = event { isProven } else { nil }
        }
        #expect(cuts == [true])
    }

    @Test("a port refuses who connects, another answers nobody")
    func refusesAndSwallows() throws {
        let reasons = Seen<String>()
        let server = try TestServer { socket in
            let address = try Self.told(socket.next())
            do {
                _ = try Socket.connect(to: address, within: 300_000_000)
                reasons.append("connected")
            } catch let error as SystemCallError {
                reasons.append(error.reason)
            }
            _ = try socket.send(Array("done\n".utf8))
        }
        for verb in ["refuse", "swallow"] {
            let transcript = try transcript(
                """
                { "peer": "al", "connect": true }, { "peer": "al", "\(verb)": "b" },
                { "peer": "al", "send": "${port:b}" }, { "peer": "al", "expect": "done" }
                """, at: server.address)
            #expect(transcript.outcomes.prefix(4) == [.held, .held, .held, .held])
        }
        #expect(
            reasons.all(count: 2) == [
                "Connection refused (ECONNREFUSED)", "Connection timed out (ETIMEDOUT)",
            ])
    }

    @Test("a port at one address is at no other")
    func oneAddress() throws {
        let reasons = Seen<Bool>()
        let server = try TestServer { socket in
            let there = try Self.told(socket.next())
            let other = SocketAddress(.loopback4, port: there.port)
            reasons.append((try? Socket.connect(to: other, within: 1_000_000_000)) != nil)
            let back = try Socket.connect(to: there, within: 1_000_000_000)
            _ = back.readToEnd()
        }
        let transcript = try transcript(
            """
            { "peer": "al", "connect": true, "from": "127.0.0.2" },
            { "peer": "al", "listen": "b", "from": "127.0.0.2" },
            { "peer": "al", "send": "${host:b} ${port:b}" }, { "peer": "al", "accept": "b" }
            """, at: server.address)
        #expect(transcript.outcomes.prefix(4) == [.held, .held, .held, .held])
        #expect(reasons.all(count: 1) == [false])
    }

    @Test("a server that does not connect is waited for as long as a step waits, and no longer")
    func neverConnects() throws {
        let server = try TestServer { _ = $0.readToEnd() }
        let transcript = try transcript(Self.connected, at: server.address, timeout: 100)
        #expect(transcript.outcomes == [.held, .held, .held, .silent])
    }

    @Test("who has connected without being asked for is seen")
    func unasked() throws {
        let server = try TestServer { socket in
            let back = try Socket.connect(to: Self.told(socket.next()), within: 1_000_000_000)
            _ = try socket.send(Array("done\n".utf8))
            _ = back.readToEnd()
        }
        let transcript = try transcript(
            """
            { "peer": "al", "connect": true }, { "peer": "al", "listen": "b" },
            { "peer": "al", "listen": "c" },
            { "peer": "al", "send": "${port:b}" }, { "peer": "al", "expect": "done" },
            { "peer": "al", "expectNoConnection": "c" }, { "peer": "al", "expectNoConnection": "b" }
            """, at: server.address)
        #expect(transcript.outcomes == [.held, .held, .held, .held, .held, .held, .departed])
    }

    @Test("a server at another loopback address has its clients there, too")
    func clientsAtTheServersAddress() throws {
        let sources = Seen<IPAddress>()
        let host = IPAddress.v4(0x7F00_0105)
        let server = try TestServer(on: host) { socket in
            sources.append(try socket.remoteAddress().host)
            let back = try Socket.connect(to: Self.told(socket.next()), within: 1_000_000_000)
            _ = back.readToEnd()
        }
        _ = try transcript(Self.connected, at: server.address)
        #expect(sources.all(count: 1) == [host])
    }
}
