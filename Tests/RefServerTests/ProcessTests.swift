// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite("refserver as a process", .serialized, .timeLimit(.minutes(15)))
struct ProcessTests {
    @Test("one ready line on standard output and nothing else; SIGTERM and SIGINT end it with 0")
    func readyLine() throws {
        for signal in [Signal.terminate, .interrupt] {
            let server = try RunningServer(["padded", "0"])
            let address = try server.address()
            let peer = try Peer(server, name: "ann")
            _ = try peer.barrier("b")
            #expect(try server.end(signal) == .exited(0))
            #expect(server.output == Array("listening on 127.0.0.1:\(address.port)\n".utf8))
            #expect(try peer.readToEnd() == (0, .endOfStream))
        }
    }

    @Test("a port in use is named, and ends it with 1")
    func portInUse() throws {
        let first = try RunningServer(["padded", "0"])
        let address = try first.address()
        let second = try RunningServer(["padded", "\(address.port)"])
        #expect(try second.end() == .exited(1))
        #expect(second.output.isEmpty)
        #expect(second.errorText.contains("cannot listen on \(address): Address already in use"))
    }

    @Test("a usage error ends it with 2 and writes nothing to standard output")
    func usageError() throws {
        let server = try RunningServer(["padded", "0", "--nonsense"])
        #expect(try server.end() == .exited(2))
        #expect(server.output.isEmpty)
        #expect(server.errorText.contains("usage: refserver"))
    }

    @Test("client text in the log is escaped")
    func escapesLog() throws {
        let server = try RunningServer(["padded", "0", "--log-level", "debug"])
        let peer = try Peer(server, name: "\u{1B}[31mred\nline")
        _ = try peer.barrier("b")
        try server.waitForLog("\\x1B[31mred\\nline")
        #expect(!server.errorOutput.contains(0x1B))
    }

    @Test("what is queued when the signal comes is still sent, to whole frames, without a reset")
    func flushesBeforeStopping() throws {
        let server = try RunningServer(["padded", "0", "--log-level", "error"])
        let peer = try Peer(server, name: "ann", receiveBuffer: 4096)
        let burst = (0..<60_000).flatMap { Peer.frame("/x\($0)") }
        var sent = 0
        // The server stops reading once it cannot send any more, so not all may be taken.
        while sent < burst.count, try peer.socket.waits(for: .writable, until: soon) {
            sent += try peer.trySending(Array(burst[sent..<min(sent + 65_536, burst.count)]))
        }
        #expect(sent < burst.count)
        server.child.signal(.terminate)
        let (count, end) = try peer.readToEnd()
        #expect(count > 0)
        #expect(count.isMultiple(of: 200))
        #expect(end == .endOfStream)
        #expect(try server.end() == .exited(0))
    }

    private var soon: Int64 { MonotonicClock.deadline(after: 200_000_000) }
}
