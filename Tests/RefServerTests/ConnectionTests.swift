// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite("refserver's connections", .serialized, .timeLimit(.minutes(15)))
struct ConnectionTests {
    private func start(_ words: String..., descriptors: Int? = nil) throws -> RunningServer {
        try RunningServer(["padded", "0"] + words, descriptors: descriptors)
    }

    @Test("clients talk, also on IPv6")
    func talk() throws {
        let server = try start("--bind", "::1")
        let ann = try Peer(server, name: "ann")
        try ann.send("/create room")
        #expect(try ann.barrier("a").isEmpty)
        let bob = try Peer(server, name: "bob")
        for byte in Peer.frame("/join room") { try bob.send(bytes: [byte]) }
        try bob.send("hi", "ho")
        #expect(try bob.barrier("b").isEmpty)
        #expect(try ann.barrier("a") == ["bob has joined", "[bob] hi", "[bob] ho"])
    }

    @Test("a half-closed client gets its answers, then the end; its room is told")
    func halfClose() throws {
        let server = try start()
        let ann = try Peer(server, name: "ann")
        try ann.send("/create room")
        _ = try ann.barrier("a")
        let bob = try Peer(server)
        try bob.send("bob", "/join room", "/list")
        try bob.send(bytes: Array("half".utf8))
        try bob.socket.shutdownWrite()
        #expect(try bob.next() == "room")
        #expect(try bob.readToEnd() == (0, .endOfStream))
        #expect(try ann.next() == "bob has joined")
        #expect(try ann.next() == "bob has left")
    }

    @Test("a reset is told to the room")
    func reset() throws {
        let server = try start()
        let ann = try Peer(server, name: "ann")
        try ann.send("/create room")
        _ = try ann.barrier("a")
        let bob = try Peer(server, name: "bob")
        try bob.send("/join room")
        #expect(try ann.next() == "bob has joined")
        bob.socket.abort()
        #expect(try ann.next() == "bob has left")
    }

    @Test("closing while input is unread does not turn the last answer into a reset")
    func lingers() throws {
        let server = try start("--fault", "error-closes")
        let ann = try Peer(server)
        let bytes = (["ann", "/join"] + Array(repeating: "more", count: 1500)).flatMap(Peer.frame)
        try ann.send(bytes: bytes)
        #expect(
            try ann.next() == "/join command must be followed by the name of a channel to join."
        )
        try ann.socket.shutdownWrite()
        #expect(try ann.readToEnd() == (0, .endOfStream))
    }

    @Test("who does not read is dropped, its room is told, and nobody else misses anything")
    func slowReader() throws {
        let server = try start("--send-queue", "100000")
        let ann = try Peer(server, name: "ann")
        try ann.send("/create room")
        _ = try ann.barrier("a")
        let bob = try Peer(server, name: "bob")
        try bob.send("/join room")
        #expect(try bob.barrier("b").isEmpty)
        let slow = try Peer(server, name: "slow", receiveBuffer: 4096)
        try slow.send("/join room")
        #expect(try slow.barrier("s").isEmpty)
        var texts = 0
        var heard: [String] = []
        while !heard.contains("slow has left"), texts < 200_000 {
            try ann.send(bytes: (0..<200).flatMap { Peer.frame("\(texts + $0)") })
            texts += 200
            heard += try ann.barrier("a")
            let said = try bob.barrier("b").filter { $0.hasPrefix("[ann]") }
            #expect(said == (texts - 200..<texts).map { "[ann] \($0)" })
        }
        #expect(heard.contains("slow has left"))
        try server.waitForLog("does not read")
    }

    @Test(
        "a client's own answers are queued whole however slowly it reads; it is not read meanwhile"
    )
    func ownAnswers() throws {
        let server = try start("--send-queue", "1000")
        let ann = try Peer(server, name: "ann", receiveBuffer: 4096)
        let count = 60_000
        let requests = (0..<count).flatMap { Peer.frame("/x\($0)") }
        var sent = 0
        while sent < requests.count, try ann.socket.waits(for: .writable, until: soon) {
            sent += try ann.trySending(Array(requests[sent..<min(sent + 65_536, requests.count)]))
        }
        // Else this would prove nothing: it took all, and paused nowhere.
        #expect(sent < requests.count)
        for number in 0..<count {
            let answer = try #require(try ann.next())
            #expect(answer.hasPrefix("/x\(number) is not"))
            guard sent < requests.count else { continue }
            sent += try ann.trySending(Array(requests[sent..<min(sent + 400, requests.count)]))
        }
    }

    @Test("past --max-connections a client is accepted and closed")
    func maximum() throws {
        let server = try start("--max-connections", "2")
        let ann = try Peer(server, name: "ann")
        _ = try ann.barrier("a")
        let bob = try Peer(server, name: "bob")
        _ = try bob.barrier("b")
        let third = try Peer(server)
        #expect(try third.readToEnd() == (0, .endOfStream))
        ann.socket.close()
        #expect(try until { try Peer(server).accepted() })
    }

    @Test("without descriptors the listener rests, and goes on when one is free")
    func descriptors() throws {
        let server = try start(descriptors: 24)
        var peers: [Peer] = []
        for number in 0..<30 { peers.append(try Peer(server, name: "peer\(number)")) }
        try server.waitForLog(
            "accepting rests: this process may have 24 open files (ulimit -n)")
        _ = try peers[0].barrier("a")
        for peer in peers[1..<20] { peer.socket.close() }
        // The last one was waiting in the backlog.
        #expect(try peers[29].barrier("z").isEmpty)
    }

    private var soon: Int64 { MonotonicClock.deadline(after: 200_000_000) }

    /// Asks again until it holds, within the patience of a test.
    private func until(_ holds: () throws -> Bool) throws -> Bool {
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while MonotonicClock.now < deadline {
            if try holds() { return true }
        }
        return false
    }
}

extension Peer {
    /// Whether the server serves it rather than closing at once.
    fileprivate func accepted() throws -> Bool {
        guard (try? socket.send(Peer.frame("name") + Peer.frame("/b"))) != nil else { return false }
        return (try? next()) ?? nil != nil
    }
}
