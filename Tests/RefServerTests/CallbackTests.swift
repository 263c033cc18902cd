// SPDX-License-Identifier: Apache-2.0

import Posix
import TestSupport
import Testing

@Suite("refserver callback", .serialized, .timeLimit(.minutes(15)))
struct CallbackTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/users.txt" }

    private func start(
        _ words: String...,
        users: [UInt8] = Array("ann pw-ann\r\n\nbob pw-bob\ncid pw-cid\n".utf8)
    ) throws -> RunningServer {
        try Files.write(users, to: path)
        return try RunningServer(["callback", "0", path] + words)
    }

    private let delivered = "303 Message delivery successful"
    private let failed = "304 Message delivery failed"

    @Test("login, /port, connecting back, messages and receipts, exit")
    func talk() throws {
        let server = try start()
        let ann = try CallbackPeer(server)
        #expect(try ann.ask("/login ann pw-bob") == "102 Authentication failed")
        #expect(try ann.ask("/login ann pw-ann") == "101 Authentication successful")
        let annLine = try ann.build()
        let bob = try CallbackPeer(server, name: "bob")
        let bobLine = try bob.build()
        #expect(try bob.ask("/list") == "301 ann bob")
        try ann.send("/to bob hi  there")
        #expect(try bobLine.next() == "/from ann hi  there")
        for byte in "302 Message receipt successful\n".utf8 { try bobLine.send(bytes: [byte]) }
        #expect(try ann.next() == delivered)
        try bob.send("/toall ho")
        #expect(try annLine.next() == "/broadcastfrom bob ho")
        try annLine.confirm()
        #expect(try bob.next() == delivered)
        #expect(try bob.ask("/exit") == "310 Bye bye")
        #expect(try bob.next() == nil)
        #expect(try bobLine.next() == nil)
        #expect(try ann.ask("/list") == "301 ann")
        #expect(try server.end(.terminate) == .exited(0))
    }

    @Test("a client is connected to where it comes from")
    func clientAddress() throws {
        let server = try start("--bind", "127.0.0.1")
        let host = IPAddress.v4(0x7F00_0002)
        let ann = try CallbackPeer(server, name: "ann", from: host)
        let line = try ann.build(on: host)
        try ann.send("/to ann hi")
        #expect(try line.next() == "/from ann hi")
    }

    @Test("where nobody listens the answer is 202, and the server goes on")
    func refused() throws {
        let server = try start()
        let ann = try CallbackPeer(server, name: "ann")
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let port = listener.localAddress.port
        listener.close()
        #expect(try ann.ask("/port \(port)") == "202 Build connection failed")
        _ = try ann.build()
    }

    @Test("a port that swallows connections is given up after the time-out")
    func swallows() throws {
        let server = try start("--receipt-timeout", "300ms")
        let ann = try CallbackPeer(server, name: "ann")
        // Its queue holds one connection; the kernel answers no further attempt.
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0), backlog: 0)
        var fillers: [Socket] = []
        for _ in 0..<3 { fillers.append(try Socket.connecting(to: listener.localAddress)) }
        let begin = MonotonicClock.now
        try ann.send("/port \(listener.localAddress.port)", "/list")
        let bob = try CallbackPeer(server, name: "bob")
        #expect(try bob.ask("/list") == "301 ann bob")
        #expect(try ann.next() == "202 Build connection failed")
        #expect(MonotonicClock.now - begin >= 290_000_000)
        #expect(try ann.next() == "301 ann bob")
        withExtendedLifetime(fillers) {}
    }

    @Test("a receipt that does not come in time: 304, and the connection b is closed")
    func timesOut() throws {
        let server = try start("--receipt-timeout=0.2")
        let ann = try CallbackPeer(server, name: "ann")
        let bob = try CallbackPeer(server, name: "bob")
        let bobLine = try bob.build()
        let begin = MonotonicClock.now
        try ann.send("/to bob hi")
        #expect(try bobLine.next() == "/from ann hi")
        #expect(try ann.next() == failed)
        #expect(MonotonicClock.now - begin >= 190_000_000)
        #expect(try bobLine.next() == nil)
        #expect(try ann.ask("/list") == "301 ann bob")
        #expect(try ann.ask("/to bob ho") == failed)
    }

    @Test("who breaks its connection b before the receipt fails the message")
    func breaks() throws {
        let server = try start()
        let ann = try CallbackPeer(server, name: "ann")
        let bob = try CallbackPeer(server, name: "bob")
        for isReset in [false, true] {
            let line = try bob.build()
            try ann.send("/to bob hi")
            #expect(try line.next() == "/from ann hi")
            if isReset { line.socket.abort() } else { line.socket.close() }
            #expect(try ann.next() == failed)
        }
        #expect(try ann.ask("/list") == "301 ann bob")
    }

    @Test("commands behind a message wait for its receipt")
    func waits() throws {
        let server = try start()
        let ann = try CallbackPeer(server, name: "ann")
        let bob = try CallbackPeer(server, name: "bob")
        let line = try bob.build()
        try ann.send("/to bob one", "/to bob two", "/list")
        #expect(try line.next() == "/from ann one")
        try line.confirm()
        #expect(try ann.next() == delivered)
        #expect(try line.next() == "/from ann two")
        try line.confirm()
        #expect(try ann.next() == delivered)
        #expect(try ann.next() == "301 ann bob")
    }

    @Test("half a command behind a message is gone on with after the answer")
    func waitsWithHalf() throws {
        let server = try start()
        let ann = try CallbackPeer(server, name: "ann")
        let bob = try CallbackPeer(server, name: "bob")
        let line = try bob.build()
        try ann.send(bytes: Array("/to bob one\n/li".utf8))
        #expect(try line.next() == "/from ann one")
        try line.confirm()
        #expect(try ann.next() == delivered)
        #expect(try ann.ask("st") == "301 ann bob")
    }

    @Test("the end of a client's input is seen while its message waits, whatever stands before it")
    func seesEnd() throws {
        for isReset in [false, true] {
            let server = try start()
            let ann = try CallbackPeer(server, name: "ann")
            let bob = try CallbackPeer(server, name: "bob")
            let line = try bob.build()
            try ann.send("/to bob one")
            #expect(try line.next() == "/from ann one")
            try ann.send("/to bob two", "/list")
            if isReset { ann.socket.abort() } else { try ann.socket.shutdownWrite() }
            var list = try bob.ask("/list")
            let deadline = MonotonicClock.deadline(after: RunningServer.patience)
            while list != "301 bob", MonotonicClock.now < deadline { list = try bob.ask("/list") }
            #expect(list == "301 bob")
            try line.confirm()
            if !isReset {
                #expect(try ann.next() == delivered)
                #expect(try ann.next() == nil)
            }
            _ = try CallbackPeer(server, name: "ann")
        }
    }

    @Test("connections that the server makes do not count as clients")
    func maximum() throws {
        let server = try start("--max-connections", "2")
        let ann = try CallbackPeer(server, name: "ann")
        _ = try ann.build()
        let bob = try CallbackPeer(server, name: "bob")
        #expect(try bob.ask("/list") == "301 ann bob")
        let third = try CallbackPeer(server)
        #expect(try third.next() == nil)
    }

    @Test(
        "a users file that is wrong ends the start with 1, and is named with line and reason",
        arguments: [
            ("ann 1\nbob\n", ":2: the password is missing"), ("a 1\nb 2\na 3\n", ":3: the user"),
            ("ann 1 2\n", ":1: not two words"), ("ann\t1\n", ":1: a tab where a space"),
            ("\u{FEFF}ann 1\n", ":1: the file begins with a byte order mark"),
            ("ann 1\nbob 2\0\n", ":2: a NUL byte"),
        ]
    )
    func wrongFile(_ text: String, _ reason: String) throws {
        let server = try start(users: Array(text.utf8))
        #expect(try server.end() == .exited(1))
        #expect(server.output.isEmpty)
        #expect(server.errorText.hasPrefix("refserver: error: \(path)\(reason)"))
    }

    @Test("a users file in which nobody stands is warned of, and one with users is not")
    func blankFile() throws {
        for (text, isBlank) in [("", true), ("\r\n \n", true), ("ann 1\n", false)] {
            let server = try start(users: Array(text.utf8))
            let ann = try CallbackPeer(server)
            #expect(try ann.ask("/list") == "401 Unrecognized message")
            #expect(try server.end(.terminate) == .exited(0))
            let warning = "refserver: warning: nothing stands in \(path), which is <users>"
            #expect(server.errorText.contains(warning) == isBlank)
        }
    }

    @Test("a users file that is not UTF-8, or not there, ends the start with 1")
    func unreadableFile() throws {
        let server = try start(users: [0x61, 0x20, 0xFF, 0x0A])
        #expect(try server.end() == .exited(1))
        #expect(server.errorText == "refserver: error: \(path):1: not UTF-8\n")
        let absent = try RunningServer(["callback", "0", path + ".no"])
        #expect(try absent.end() == .exited(1))
        #expect(absent.errorText.hasPrefix("refserver: error: \(path).no: No such file"))
    }
}
