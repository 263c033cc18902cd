// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Foundation
import Posix
import Testing

@testable import Conformance

@Suite("A plan over sockets", .timeLimit(.minutes(15)))
struct SocketWorldTests {
    private static let connect = #"{ "peer": "bob", "connect": true }"#

    @Test("each cut arrives at the server as a segment of its own, and is seen to")
    func cutsArriveAsCuts() throws {
        let sizes = Seen<Int>()
        let server = try TestServer { socket in
            while let bytes = socket.next(), !bytes.isEmpty { sizes.append(bytes.count) }
        }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect),
              { "peer": "bob", "send": "hi", "split": "every:7" },
              { "peer": "bob", "closeWrite": true }]
            """, at: server.address)
        #expect(sizes.all(count: 29) == Array(repeating: 7, count: 28) + [4])
        let cuts = transcript.events.compactMap { event -> Bool? in
            if case .cut(_, _, _, let proven) = event { proven } else { nil }
        }
        #expect(cuts == Array(repeating: true, count: 28))
    }

    @Test("a part that lies unread is left, a whole message that lies unread is waited for")
    func unreadPartsAreLeft() throws {
        let isOver = DispatchSemaphore(value: 0)
        let server = try TestServer { _ in isOver.wait() }
        defer { isOver.signal() }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect),
              { "peer": "bob", "send": "hi", "split": "at:100" },
              { "peer": "bob", "send": "ho" }]
            """, at: server.address, timeout: 1_000)
        #expect(transcript.taken == [.left])
        #expect(transcript.outcomes == [.held, .held, .silent])
    }

    @Test("a pace of its own waits that time before each segment, and proves nothing")
    func paceIsAssumed() throws {
        let server = try TestServer { _ = $0.readToEnd() }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect),
              { "peer": "bob", "send": "hi", "split": "every:100" }]
            """, at: server.address, timeout: 200, setting: .forTests(pace: .pause(2_000_000)))
        #expect(transcript.taken.first == .assumed)
        let times = transcript.entries.compactMap { entry -> Int64? in
            if case .sent = entry.event { entry.time } else { nil }
        }
        #expect(times.count >= 2 && times[1] - times[0] >= 2_000_000)
    }

    @Test("an orderly end of the server is told as such, a reset as a reset")
    func endsAreTold() throws {
        let closing = try TestServer { _ = $0.next() }
        let resetting = try TestServer { socket in
            _ = socket.next()
            socket.abort()
        }
        for (server, kind) in [(closing, "fin"), (resetting, "reset")] {
            let transcript = try transcript(
                """
                "requirements": ["must"], "steps": [\(Self.connect),
                  { "peer": "bob", "send": "hi" }, { "peer": "bob", "expectClose": "\(kind)" }]
                """, at: server.address)
            #expect(transcript.isAllHeld)
        }
    }

    @Test("where nobody listens, the refusal is told with the system's reason")
    func refusalIsTold() throws {
        var random = SystemRandomNumberGenerator()
        let port = try FreePort.find(on: .loopback4, using: &random)
        let transcript = try transcript(
            #""requirements": ["must"], "steps": [\#(Self.connect)]"#,
            at: SocketAddress(.loopback4, port: port))
        #expect(
            transcript.events.contains(
                .refused(LinkID(0), reason: "Connection refused (ECONNREFUSED)")))
        #expect(transcript.outcomes == [.refused])
    }

    @Test("a close is an orderly end for the server, although something came unread")
    func closeIsOrderly() throws {
        let ends = Seen<Bool>()
        let server = try TestServer { socket in
            _ = try socket.send(frame("welcome"))
            ends.append(socket.readToEnd())
        }
        _ = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect), { "pause": "5ms" },
              { "peer": "bob", "close": true }]
            """, at: server.address)
        #expect(ends.all(count: 1) == [true])
    }

    @Test("a reset is a reset for the server")
    func resetIsReset() throws {
        let ends = Seen<Bool>()
        let server = try TestServer { ends.append($0.readToEnd()) }
        _ = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect), { "peer": "bob", "reset": true }]
            """, at: server.address)
        #expect(ends.all(count: 1) == [false])
    }

    @Test("writing to a connection that the server has reset comes to an end")
    func writingToTheDead() throws {
        let server = try TestServer { $0.abort() }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect), { "pause": "20ms" },
              { "peer": "bob", "send": "hi", "split": "every:50" }]
            """, at: server.address)
        #expect(transcript.events.contains(.ended(LinkID(0), .reset)))
    }

    @Test("a server that floods ends the scenario, in bounded memory")
    func floodEnds() throws {
        let server = try TestServer { socket in
            let much = [UInt8](repeating: 0x78, count: 200_000)
            while try socket.waits(
                for: .writable, until: MonotonicClock.deadline(after: 1_000_000_000))
            {
                guard case .processed = try socket.send(much) else { return }
            }
        }
        let limits = WorldLimits(received: 1 << 20)
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect), { "pause": "10s" }]
            """, at: server.address, timeout: 20_000, setting: .forTests(limits: limits))
        guard case .aborted(.flooded(let bytes)) = transcript.events.last else {
            Issue.record("it ended with \(String(describing: transcript.events.last))")
            return
        }
        #expect((1 << 20)...((1 << 20) + 65_536) ~= bytes)
    }

    @Test("a server that drips keeps no deadline from passing")
    func dripDelaysNothing() throws {
        let server = try TestServer { socket in
            var poller = Poller()
            let token = poller.add(socket.descriptor, .readable)
            while try poller.wait(nanoseconds: 20_000_000) == 0 { _ = try socket.send([0x64]) }
            poller.remove(token)
        }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect),
              { "peer": "bob", "expect": "hello", "within": "100ms" }]
            """, at: server.address)
        #expect(transcript.outcomes == [.held, .silent])
        let last = try #require(transcript.entries.last)
        #expect(last.time < 60_000_000_000)
    }

    @Test("who wants to stop us ends the scenario at once")
    func interruption() throws {
        let server = try TestServer { _ = $0.readToEnd() }
        let interruption = Interruption()
        interruption.request(.interrupt)
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [\(Self.connect), { "pause": "10s" }]
            """, at: server.address, timeout: 20_000, setting: .forTests(interruption: interruption)
        )
        #expect(transcript.events.last == .aborted(.interrupted))
    }

    @Test("what waits at the server's end for a peer that does not read is seen")
    func backlogIsSeen() throws {
        // It sends to its first client whatever its second one says.
        let setting = WorldSetting.forTests()
        let relay = """
            import socket, sys
            l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            a = l.accept()[0]; b = l.accept()[0]; a.setblocking(False)
            while d := b.recv(65536):
                try: a.send(d)
                except BlockingIOError: pass
            """
        let launcher = try ServerLauncher.forTests("python3 -c '\(relay)' {port}", setting: setting)
        let server = try launcher.launch()
        defer { server.kill() }
        let transcript = try transcript(
            """
            "requirements": ["must"], "steps": [
              { "peer": "stuck", "connect": true, "receiveBuffer": 2048 },
              { "peer": "stuck", "stopReading": true },
              { "peer": "talker", "connect": true },
              { "peer": "talker", "fill": { "send": "much", "stalled": "stuck" } }]
            """, at: server.address, timeout: 1_000, setting: setting)
        let backlogs = transcript.events.compactMap { event -> Int? in
            if case .backlog(_, let bytes) = event { bytes } else { nil }
        }
        #expect(backlogs.count >= 2)
        #expect((backlogs.last ?? 0) > 0)
    }
}
