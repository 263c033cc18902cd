// SPDX-License-Identifier: Apache-2.0

import Posix
import TestSupport
import Testing

@Suite("refserver channels, federated", .serialized, .timeLimit(.minutes(15)))
struct FederationTests {
    private let folder: TemporaryFolder
    private let hosts = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
    private let port: UInt16

    init() throws {
        folder = try TemporaryFolder()
        port = try FederationTests.freePort(on: hosts)
        let lines = hosts.map { "\($0):\(port)\n" }.joined()
        try Files.write(Array(lines.utf8), to: folder.path + "/peers.txt")
    }

    /// A port that is free on all hosts; from below the range that the kernel gives out.
    private static func freePort(on hosts: [String]) throws -> UInt16 {
        for port in (20_000...31_000).shuffled() {
            let listeners = hosts.compactMap { host -> Listener? in
                let address = IPAddress(parsing: host) ?? .loopback4
                return try? Listener(on: SocketAddress(address, port: UInt16(port)))
            }
            for listener in listeners { listener.close() }
            if listeners.count == hosts.count { return UInt16(port) }
        }
        throw SystemCallError(call: "bind", code: 0)
    }

    private func start(_ host: String, _ words: String...) throws -> RunningServer {
        let words = ["channels", "\(port)", folder.path + "/peers.txt", "--bind", host] + words
        return try RunningServer(words + ["--password-cost", "min"])
    }

    /// Asks until it is so.
    private func ask(
        _ peer: ChannelsPeer,
        _ line: String,
        until expected: String
    ) throws {
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        var answer = try peer.ask(line)
        while answer != expected, MonotonicClock.now < deadline {
            var poller = Poller()
            _ = try poller.wait(nanoseconds: 10_000_000)
            answer = try peer.ask(line)
        }
        #expect(answer == expected)
    }

    @Test("users of three servers talk in a channel of one; killed, it comes back by itself")
    func three() throws {
        let database = ["--database", folder.path + "/two.db"]
        let one = try start(hosts[0])
        var two = try start(hosts[1], database[0], database[1])
        let three = try start(hosts[2])
        let alice = try ChannelsPeer(one, name: "alice")
        var bob = try ChannelsPeer(two, name: "bob")
        let cid = try ChannelsPeer(three, name: "cid")
        #expect(try bob.ask("CREATE 猫") == "RESULT CREATE 猫 1")
        #expect(try bob.ask("JOIN 猫") == "RESULT JOIN 猫 1")
        let channel = "猫:127.0.0.3"
        for (user, name) in [(alice, "alice"), (cid, "cid")] {
            try ask(user, "CHANNELS", until: "RESULT CHANNELS \(channel)")
            #expect(try user.ask("JOIN \(channel)") == "RESULT JOIN \(channel) 1", "\(name)")
        }
        #expect(try alice.ask("SAY \(channel) hi  there") == "RECV alice \(channel) hi  there")
        #expect(try bob.next() == "RECV alice@127.0.0.2 猫 hi  there")
        #expect(try cid.next() == "RECV alice@127.0.0.2 \(channel) hi  there")
        #expect(try bob.ask("SAY 猫 ho") == "RECV bob 猫 ho")
        #expect(try alice.next() == "RECV bob@127.0.0.3 \(channel) ho")
        #expect(try cid.next() == "RECV bob@127.0.0.3 \(channel) ho")

        two.child.signal(.kill)
        _ = try two.end()
        // What is said before the end of the link is noticed is lost, and not answered.
        try ask(alice, "CHANNELS", until: "RESULT CHANNELS ")
        #expect(try alice.ask("SAY \(channel) lost") == "RESULT SAY 0")
        #expect(try alice.ask("JOIN x:127.0.0.3") == "RESULT JOIN x:127.0.0.3 0")

        two = try start(hosts[1], database[0], database[1])
        bob = try ChannelsPeer(two)
        #expect(try bob.ask("LOGIN bob pw-bob") == "RESULT LOGIN 1")
        for user in [alice, cid] { try ask(user, "CHANNELS", until: "RESULT CHANNELS \(channel)") }
        #expect(try alice.ask("SAY \(channel) again") == "RECV alice \(channel) again")
        #expect(try bob.next() == "RECV alice@127.0.0.2 猫 again")
        #expect(try cid.next() == "RECV alice@127.0.0.2 \(channel) again")
        for server in [one, two, three] { #expect(try server.end(.terminate) == .exited(0)) }
    }

    /// Connects from 127.0.0.9.
    private func dial(_ server: RunningServer) throws -> ChannelsPeer {
        let host = try #require(IPAddress(parsing: "127.0.0.9"))
        return try ChannelsPeer(server, from: host)
    }

    @Test("a peer that connects is confirmed by its address; one that stalls holds nobody up")
    func incoming() throws {
        let server = try start(hosts[0])
        let ann = try ChannelsPeer(server, name: "ann")
        let peer = try dial(server)
        #expect(try peer.ask("FEDERATE-OUT") == "FEDERATE-CONFIRM")
        #expect(try peer.next() == "FEDCHANNELS ")
        try peer.send("FEDCHANNELS c")
        try ask(ann, "CHANNELS", until: "RESULT CHANNELS c:127.0.0.9")
        try ann.send("JOIN c:127.0.0.9", "CHANNELS")
        #expect(try peer.next() == "FEDJOIN ann@127.0.0.2 c")
        let bob = try ChannelsPeer(server, name: "bob")
        #expect(try bob.ask("CREATE d") == "RESULT CREATE d 1")
        #expect(try peer.next() == "FEDNEW d")
        peer.socket.close()
        #expect(try ann.next() == "RESULT JOIN c:127.0.0.9 0")
        #expect(try ann.next() == "RESULT CHANNELS d")
    }

    @Test("the source's example, by host names")
    func example() throws {
        let names = ["server1.com", "server2.com"]
        // Names that no look-up finds: the second server is played, and connects.
        let server = try start(hosts[0], "--hostname", names[0])
        let bob = try ChannelsPeer(server, name: "bob")
        let peer = try dial(server)
        #expect(try peer.ask("FEDERATE-OUT") == "FEDERATE-CONFIRM")
        #expect(try peer.next() == "FEDCHANNELS ")
        try bob.send("JOIN helloworld:127.0.0.9")
        #expect(try peer.next() == "FEDJOIN bob@server1.com helloworld")
        try peer.send("FEDRESULT bob JOIN helloworld:server2.com 1")
        #expect(try bob.next() == "RESULT JOIN helloworld:127.0.0.9 1")
    }

    @Test("a peers file that is wrong ends it with 1, naming file and line")
    func wrongFiles() throws {
        let path = folder.path + "/wrong.txt"
        for (text, reason) in [
            ("127.0.0.2:1\nx\n", "wrong.txt:2: not \"host:port\""),
            ("a:1\na:2\n", "wrong.txt:2: the host of line 1 again"),
            ("#\n127.0.0.2:1\n", "wrong.txt:2: this server's own host with another port"),
        ] {
            try Files.write(Array(text.utf8), to: path)
            let server = try RunningServer(["channels", "0", path, "--bind", "127.0.0.2"])
            #expect(try server.end() == .exited(1))
            #expect(server.errorText.contains(reason))
            #expect(server.output.isEmpty)
        }
        let missing = try RunningServer(["channels", "0", folder.path + "/none.txt"])
        #expect(try missing.end() == .exited(1))
        #expect(missing.errorText.contains("none.txt"))
        try Files.write([], to: path)
        let nameless = try RunningServer(["channels", "0", path, "--bind", "0.0.0.0"])
        #expect(try nameless.end() == .exited(1))
        #expect(nameless.errorText.contains("--hostname is missing"))
    }
}
