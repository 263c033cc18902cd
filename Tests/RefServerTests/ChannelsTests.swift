// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import TestSupport
import Testing

@Suite("refserver channels", .serialized, .timeLimit(.minutes(15)))
struct ChannelsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/chat.db" }

    private func start(
        _ words: String...,
        database: Bool = true,
        cost: String = "min",
        wrapper: [String] = []
    ) throws -> RunningServer {
        let file = database ? ["--database", path] : []
        return try RunningServer(
            ["channels", "0", "--password-cost", cost] + file + words, wrapper: wrapper)
    }

    @Test("accounts, channels, memberships and messages are there after a restart")
    func restart() throws {
        do {
            let server = try start()
            let ann = try ChannelsPeer(server, name: "张三")
            #expect(try ann.ask("CREATE 猫") == "RESULT CREATE 猫 1")
            #expect(try ann.ask("JOIN 猫") == "RESULT JOIN 猫 1")
            for text in ["one", " two  é", "🐱\u{0}"] {
                #expect(try ann.ask("SAY 猫 \(text)") == "RECV 张三 猫 \(text)")
            }
            #expect(try server.end(.terminate) == .exited(0))
            #expect(server.errorText.contains("database \"\(path)\""))
        }
        let server = try start()
        let again = try ChannelsPeer(server)
        #expect(try again.ask("REGISTER 张三 x") == "RESULT REGISTER 0")
        #expect(try again.ask("LOGIN 张三 x") == "RESULT LOGIN 0")
        #expect(try again.ask("LOGIN 张三 pw-张三") == "RESULT LOGIN 1")
        #expect(try again.ask("CREATE 猫") == "RESULT CREATE 猫 0")
        #expect(try again.ask("SAY 猫 four") == "RECV 张三 猫 four")
        let bob = try ChannelsPeer(server, name: "bob")
        #expect(try bob.ask("JOIN 猫") == "RESULT JOIN 猫 1")
        for text in ["one", " two  é", "🐱\u{0}", "four"] {
            #expect(try bob.next() == "RECV 张三 猫 \(text)")
        }
    }

    @Test("what has been answered is there even after SIGKILL")
    func killed() throws {
        do {
            let server = try start()
            let ann = try ChannelsPeer(server, name: "ann")
            _ = try ann.ask("CREATE c")
            _ = try ann.ask("JOIN c")
            for number in 0..<30 {
                #expect(try ann.ask("SAY c \(number)") == "RECV ann c \(number)")
            }
            let late = try ChannelsPeer(server)
            #expect(try late.ask("REGISTER late p") == "RESULT REGISTER 1")
            server.child.signal(.kill)
            _ = try server.end()
        }
        let server = try start()
        let late = try ChannelsPeer(server)
        #expect(try late.ask("LOGIN late p") == "RESULT LOGIN 1")
        #expect(try late.ask("JOIN c") == "RESULT JOIN c 1")
        for number in 0..<30 { #expect(try late.next() == "RECV ann c \(number)") }
        let ann = try ChannelsPeer(server)
        #expect(try ann.ask("LOGIN ann pw-ann") == "RESULT LOGIN 1")
        #expect(try ann.ask("JOIN c") == "RESULT JOIN c 0")
    }

    @Test("killed in the middle of traffic, it has what was answered, once and in order")
    func killedInTraffic() throws {
        var seen: [String] = []
        for round in 0..<5 {
            let server = try start()
            let ann = try ChannelsPeer(server, name: "ann")
            if round == 0 {
                _ = try ann.ask("CREATE c")
                _ = try ann.ask("JOIN c")
            }
            try ann.send(bytes: (0..<2_000).flatMap { Array("SAY c \(round).\($0)\n".utf8) })
            // Somewhere among them, and somewhere else each time.
            for _ in 0...(round * 150) {
                guard let line = try ann.next() else { break }
                seen.append(line)
            }
            server.child.signal(.kill)
            _ = try server.end()
        }
        let server = try start("--history", "1000")
        let reader = try ChannelsPeer(server, name: "reader")
        try reader.send("JOIN c", "CHANNELS")
        #expect(try reader.next() == "RESULT JOIN c 1")
        var stored: [String] = []
        while let line = try reader.next(), line != "RESULT CHANNELS c" { stored.append(line) }
        #expect(Set(stored).count == stored.count)
        // The history is bounded; of what it still holds nothing that was seen is missing.
        let first = try #require(stored.first)
        let expected = seen.drop { $0 != first }
        #expect(Set(expected).isSubset(of: Set(stored)))
        #expect(stored.filter { expected.contains($0) } == Array(expected))
    }

    @Test("no password stands in the database, nor in a log of everything")
    func passwords() throws {
        let server = try start("--log-level", "debug", cost: "interactive")
        let ann = try ChannelsPeer(server)
        #expect(try ann.ask("REGISTER ann Geheim-17") == "RESULT REGISTER 1")
        #expect(try ann.ask("LOGIN ann Geheim-18") == "RESULT LOGIN 0")
        #expect(try ann.ask("LOGIN ann Geheim-17") == "RESULT LOGIN 1")
        #expect(try server.end(.terminate) == .exited(0))
        #expect(!server.errorText.contains("Geheim"))
        for name in try Files.entries(of: folder.path) {
            let bytes = try Files.read(folder.path + "/" + name, limit: 1 << 24)
            #expect(!String(decoding: bytes, as: UTF8.self).contains("Geheim"))
        }
        let bytes = try Files.read(path, limit: 1 << 24)
        #expect(String(decoding: bytes, as: UTF8.self).contains("$argon2id$v=19$m=65536,t=2,p=1$"))
    }

    @Test("talk goes on while passwords are looked at, and all of them are answered")
    func busy() throws {
        let server = try start(database: false, cost: "interactive")
        let ann = try ChannelsPeer(server, name: "ann")
        _ = try ann.ask("CREATE c")
        _ = try ann.ask("JOIN c")
        let others = try (0..<10).map { _ in try ChannelsPeer(server) }
        for other in others { try other.send("LOGIN nobody x", "CHANNELS") }
        let begin = MonotonicClock.now
        for number in 0..<20 { #expect(try ann.ask("SAY c \(number)") == "RECV ann c \(number)") }
        let talked = MonotonicClock.now - begin
        for other in others {
            #expect(try other.next() == "RESULT LOGIN 0")
            #expect(try other.next() == "RESULT CHANNELS c")
        }
        // Else nothing was looked at meanwhile, and this proved nothing.
        #expect(MonotonicClock.now - begin > talked)
    }

    @Test("too many passwords at once are answered 0 and logged")
    func tooManyPasswords() throws {
        let server = try start("--log-level", "warning", database: false, cost: "interactive")
        let peers = try (0..<300).map { _ in try ChannelsPeer(server) }
        for (number, peer) in peers.enumerated() { try peer.send("REGISTER u\(number) x") }
        try server.waitForLog(
            "a password is not looked at: 256 others wait (said once for each client)")
        #expect(try someone(of: peers, hears: "RESULT REGISTER 0"))
        #expect(try server.end(.terminate) == .exited(0))
    }

    /// Nobody knows who is served first of those who ask at once.
    private func someone(of peers: [ChannelsPeer], hears answer: String) throws -> Bool {
        var poller = Poller()
        let asking = peers.map { (poller.add($0.socket.descriptor, .readable), $0) }
        let waiting = Dictionary(uniqueKeysWithValues: asking)
        for _ in peers {
            let count = try poller.wait(nanoseconds: RunningServer.patience)
            try #require(count > 0, "nobody is answered")
            let token = poller.ready(0).token
            if try waiting[token]?.next() == answer { return true }
            poller.remove(token)
        }
        return false
    }

    @Test("a client that half-closes behind a login still gets all its answers")
    func halfClose() throws {
        let server = try start(cost: "interactive")
        let ann = try ChannelsPeer(server)
        try ann.send("REGISTER ann p", "LOGIN ann p", "CREATE c", "JOIN c", "SAY c hi", "CHANNELS")
        try ann.socket.shutdownWrite()
        for answer in [
            "RESULT REGISTER 1", "RESULT LOGIN 1", "RESULT CREATE c 1", "RESULT JOIN c 1",
            "RECV ann c hi", "RESULT CHANNELS c",
        ] { #expect(try ann.next() == answer) }
        #expect(try ann.next() == nil)
        let again = try ChannelsPeer(server)
        #expect(try again.ask("LOGIN ann p") == "RESULT LOGIN 1")
    }

    @Test("who goes while its password is looked at, and who does not read, hold nobody up")
    func leavers() throws {
        let server = try start(cost: "interactive")
        let ann = try ChannelsPeer(server, name: "ann")
        let gone = try ChannelsPeer(server)
        try gone.send("REGISTER gone p")
        gone.socket.abort()
        #expect(try ann.ask("CREATE c") == "RESULT CREATE c 1")
        #expect(try ann.ask("JOIN c") == "RESULT JOIN c 1")
        let deaf = try ChannelsPeer(server, name: "deaf", receiveBuffer: 4096)
        #expect(try deaf.ask("JOIN c") == "RESULT JOIN c 1")
        let text = String(repeating: "x", count: 60_000)
        for _ in 0..<100 { #expect(try ann.ask("SAY c \(text)") == "RECV ann c \(text)") }
        try server.waitForLog("it does not read what others send it")
        #expect(try ann.ask("CHANNELS") == "RESULT CHANNELS c")
    }

    @Test("a database that is not this protocol's, or is open elsewhere, ends it with 1")
    func wrongFiles() throws {
        let json = try RunningServer(["json", "0", "--database", path])
        _ = try json.address()
        let locked = try start()
        #expect(try locked.end() == .exited(1))
        #expect(locked.errorText.contains("\(path): another process has it open"))
        _ = try json.end(.terminate)
        let foreign = try start()
        #expect(try foreign.end() == .exited(1))
        #expect(foreign.errorText.contains("\(path): a database of another program"))
        #expect(foreign.output.isEmpty)
        try Files.write(Array(repeating: 0x41, count: 4_096), to: path)
        let corrupt = try start()
        #expect(try corrupt.end() == .exited(1))
        #expect(corrupt.errorText.contains("\(path): no database, or a damaged one"))
    }

    /// A bound on the size of files stands for a full disk: writing fails in the middle.
    @Test("on a full disk the answer is 0, the server goes on, and what was stored is whole")
    func full() throws {
        do {
            let limited = #"trap "" XFSZ; ulimit -f 300; exec "$0" "$@""#
            let server = try start(wrapper: ["/bin/sh", "-c", limited])
            let ann = try ChannelsPeer(server, name: "ann")
            _ = try ann.ask("CREATE c")
            _ = try ann.ask("JOIN c")
            #expect(try ann.ask("SAY c small") == "RECV ann c small")
            let text = String(repeating: "x", count: 65_000)
            var answer = try ann.ask("SAY c \(text)")
            for _ in 0..<20 where answer != "RESULT SAY 0" { answer = try ann.ask("SAY c \(text)") }
            #expect(answer == "RESULT SAY 0")
            #expect(try ann.ask("CHANNELS") == "RESULT CHANNELS c")
            #expect(try server.end(.terminate) == .exited(0))
            #expect(server.errorText.contains("a record is not stored: \(path): "))
        }
        let server = try start()
        let bob = try ChannelsPeer(server, name: "bob")
        #expect(try bob.ask("JOIN c") == "RESULT JOIN c 1")
        #expect(try bob.next() == "RECV ann c small")
    }

    @Test("without a database nothing is there after a restart, which the log says")
    func without() throws {
        let server = try start(database: false)
        let ann = try ChannelsPeer(server, name: "ann")
        #expect(try ann.ask("CREATE c") == "RESULT CREATE c 1")
        #expect(try server.end(.interrupt) == .exited(0))
        #expect(server.errorText.contains("all kept in memory and forgotten at the end"))
        let nextServer = try start(database: false)
        let next = try ChannelsPeer(nextServer)
        #expect(try next.ask("CHANNELS") == "RESULT CHANNELS ")
        #expect(try Files.entries(of: folder.path).isEmpty)
    }

    @Test("options that cannot be are usage errors")
    func options() throws {
        for words in [
            ["--history", "-1"], ["--history", "1001"], ["--password-cost", "none"],
            ["--database", ""], ["--database", ":memory:"], ["--database", "file:x?mode=memory"],
        ] {
            let server = try RunningServer(["channels", "0"] + words)
            #expect(try server.end() == .exited(2))
            #expect(server.errorText.contains(words[0]))
            let isDatabase = words[0] == "--database"
            #expect(server.errorText.contains("leave the option out") == isDatabase)
        }
    }

    @Test("a database that is no file ends it with 1, saying what it is")
    func noFile() throws {
        let pipe = folder.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        for (path, kind) in [
            (pipe, "a FIFO"), (folder.path, "a directory"), ("/dev/null", "a device"),
        ] {
            let server = try RunningServer(["channels", "0", "--database", path])
            #expect(try server.end() == .exited(1))
            #expect(server.errorText.hasPrefix("refserver: error: \(path): is \(kind), and"))
        }
    }

    @Test("clients who ask for a long list and do not read cost no list each, and hold nobody up")
    func unreadLists() throws {
        let server = try start(database: false)
        let ann = try ChannelsPeer(server, name: "ann")
        // More than the kernel takes for a client that does not read: else nothing waits here.
        let count = 20_000
        let name = String(repeating: "x", count: 245)
        for first in stride(from: 0, to: count, by: 500) {
            let lines = (first..<(first + 500)).map { "CREATE \(name)\($0)\n" }.joined()
            try ann.send(bytes: Array(lines.utf8))
            var made = 0
            for _ in 0..<500 {
                if try ann.next()?.hasSuffix(" 1") == true { made += 1 }
            }
            #expect(made == 500)
        }
        let list = try #require(try ann.ask("CHANNELS"))
        #expect(list.utf8.count > count * 245)
        let before = try residentMemory(of: server)
        var clients: [ChannelsPeer] = []
        for number in 0..<50 {
            // The first one reads, in the end.
            let client = try ChannelsPeer(server, receiveBuffer: number == 0 ? nil : 4096)
            try client.send(bytes: Array(String(repeating: "CHANNELS\n", count: 1000).utf8))
            clients.append(client)
        }
        // Each has something of its list: none is still to be written.
        for client in clients { #expect(try client.isTold()) }
        #expect(try ann.ask("JOIN none") == "RESULT JOIN none 0")
        #expect(try residentMemory(of: server) - before < 8 << 20)
        for _ in 0..<2 {
            let isWhole = try clients[0].next() == list
            #expect(isWhole)
        }
    }

    /// `VmRSS` of proc_pid_status(5), in bytes.
    private func residentMemory(of server: RunningServer) throws -> Int {
        let status = try Files.read("/proc/\(server.child.processID)/status")
        let line = status.split(separator: 0x0A).first { $0.starts(with: "VmRSS:".utf8) }
        let digits = try #require(line).filter { (0x30...0x39).contains($0) }
        return try #require(Int(String(decoding: digits, as: UTF8.self))) * 1024
    }
}
