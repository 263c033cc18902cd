// SPDX-License-Identifier: Apache-2.0

import Posix
import TestSupport
import Testing

@Suite("refserver json with a database", .serialized, .timeLimit(.minutes(15)))
struct StoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/chat.db" }

    private func start(_ words: String..., wrapper: [String] = []) throws -> RunningServer {
        try RunningServer(["json", "0", "--database", path] + words, wrapper: wrapper)
    }

    private func history(_ server: RunningServer) throws -> String? {
        try JSONPeer(server, name: "reader").next()
    }

    @Test("messages, rooms and bans are there after a restart, in one order of messages")
    func restart() throws {
        var server = try start("--moderator", "mod")
        let mod = try JSONPeer(server, name: "mod")
        #expect(try mod.next() == "server history ")
        let ann = try JSONPeer(server, name: "ann")
        #expect(try ann.next() == "server history ")
        for text in ["one", "two\u{0}é", "three"] {
            try ann.send("msg", text)
            #expect(try ann.next() == "ann message \(text)")
            #expect(try mod.next() == "ann message \(text)")
        }
        for (request, content) in [("remove", "3"), ("create", "room"), ("ban", "eve")] {
            try mod.send(request, content)
            #expect(try mod.next()?.hasPrefix("server info") == true)
        }
        #expect(try server.end(.terminate) == .exited(0))
        server = try start()
        let eve = try JSONPeer(server)
        try eve.send("login", "eve")
        #expect(try eve.next() == "server error The name eve is banned.")
        let again = try JSONPeer(server, name: "ann")
        #expect(try again.next() == "server history two\u{0}é|three")
        try again.send("rooms")
        #expect(try again.next() == "server info common, room")
        try again.send("msg", "four")
        #expect(try again.next() == "ann message four")
        #expect(try history(server) == "server history two\u{0}é|three|four")
    }

    @Test("what has been told is there even after SIGKILL")
    func killed() throws {
        let server = try start()
        let ann = try JSONPeer(server, name: "ann")
        _ = try ann.next()
        var expected: [String] = []
        for number in 0..<50 {
            try ann.send("msg", "\(number)")
            #expect(try ann.next() == "ann message \(number)")
            expected.append("\(number)")
        }
        server.child.signal(.kill)
        _ = try server.end()
        let next = try start()
        #expect(try history(next) == "server history " + expected.joined(separator: "|"))
    }

    @Test("requests in one segment are answered in their order")
    func order() throws {
        let server = try start()
        let ann = try JSONPeer(server, name: "ann")
        _ = try ann.next()
        let request = #"{"request":"msg","content":"x"}{"request":"names"}"#
        let burst = String(repeating: request, count: 100) + #"{"request":"logout"}"#
        try ann.send(bytes: Array(burst.utf8))
        for _ in 0..<100 {
            #expect(try ann.next() == "ann message x")
            #expect(try ann.next() == "server info ann")
        }
        #expect(try ann.next() == "server info You are logged out.")
        #expect(try ann.next() == nil)
    }

    @Test("without a database nothing is there after a restart, and no file is made")
    func without() throws {
        let server = try RunningServer(["json", "0"])
        let ann = try JSONPeer(server, name: "ann")
        _ = try ann.next()
        try ann.send("msg", "x")
        #expect(try ann.next() == "ann message x")
        #expect(try history(server) == "server history x")
        #expect(try history(RunningServer(["json", "0"])) == "server history ")
        #expect(try Files.entries(of: folder.path).isEmpty)
    }

    @Test("a second server on the same file ends with 1, and the first one serves on")
    func locked() throws {
        let first = try start()
        let ann = try JSONPeer(first, name: "ann")
        let second = try start()
        #expect(try second.end() == .exited(1))
        #expect(second.output.isEmpty)
        #expect(
            second.errorText
                == "refserver: error: \(path): another process has it open; a database belongs to "
                + "one server at a time\n")
        _ = try ann.next()
        try ann.send("msg", "x")
        #expect(try ann.next() == "ann message x")
    }

    @Test("a file that is no database of ours ends it with 1, naming the file")
    func wrongFiles() throws {
        try Files.write(Array(repeating: 0x41, count: 4_096), to: path)
        let corrupt = try start()
        #expect(try corrupt.end() == .exited(1))
        #expect(corrupt.errorText.hasPrefix("refserver: error: \(path): no database, or a damaged"))
        #expect(corrupt.output.isEmpty)
        let nowhere = try RunningServer(["json", "0", "--database", folder.path + "/none/x"])
        #expect(try nowhere.end() == .exited(1))
        #expect(nowhere.errorText.contains("/none/x: cannot be opened"))
    }

    @Test("a file that may not be written to ends it with 1")
    func readOnly() throws {
        do {
            let server = try start()
            _ = try server.address()
            #expect(try server.end(.terminate) == .exited(0))
        }
        let server = try start(wrapper: ["/bin/sh", "-c", Self.asNobody])
        #expect(try server.end() == .exited(1))
        #expect(server.errorText.contains("chat.db: cannot be opened"))
    }

    /// The superuser may write what it likes; so the server is run as another user then, and the
    /// program where that user can read it.
    private static let asNobody = #"""
        file=$4; chmod a-w "$file"
        if [ "$(id -u)" != 0 ]; then exec "$0" "$@"; fi
        folder=$(dirname "$file"); chmod 755 "$folder"; cp "$0" "$folder/refserver"
        exec setpriv --reuid 65534 --regid 65534 --clear-groups "$folder/refserver" "$@"
        """#

    /// A bound on the size of files stands for a full disk: writing fails in the middle.
    @Test("on a full disk the author gets an error, and what is there is whole")
    func full() throws {
        do {
            let limited = #"trap "" XFSZ; ulimit -f 300; exec "$0" "$@""#
            let server = try start(wrapper: ["/bin/sh", "-c", limited])
            let ann = try JSONPeer(server, name: "ann")
            _ = try ann.next()
            try ann.send("msg", "small")
            #expect(try ann.next() == "ann message small")
            try ann.send("msg", String(repeating: "large", count: 100_000))
            let answer = try ann.next()
            #expect(answer?.hasPrefix("server error It could not be stored") == true)
            try ann.send("names")
            #expect(try ann.next() == "server info ann")
            #expect(try history(server) == "server history small")
            #expect(try server.end(.terminate) == .exited(0))
            #expect(server.errorText.contains("a record is not stored: \(path): "))
        }
        #expect(try history(start()) == "server history small")
    }

    @Test("time stamps are the local time")
    func time() throws {
        let server = try start(wrapper: ["/bin/sh", "-c", #"TZ=UTC-9 exec "$0" "$@""#])
        let before = WallClock.now
        let shown = try #require(try JSONPeer(server).timestamp())
        let after = WallClock.now
        let nine: Int64 = 9 * 3600
        let possible = (before.seconds...after.seconds).map { second -> String in
            let date = WallTime(seconds: second + nine, nanoseconds: 0).description
            return String(date.prefix(19).replacing("T", with: " "))
        }
        #expect(possible.contains(shown))
    }

    @Test("options that cannot be are usage errors")
    func options() throws {
        for words in [
            ["--history-elements", "list"], ["--moderator", "a b"], ["--database", ""],
            ["--database", ":memory:"],
            ["--moderator", "ok", "--moderator", "é"],
        ] {
            let server = try RunningServer(["json", "0"] + words)
            #expect(try server.end() == .exited(2))
            #expect(server.errorText.contains("--\(words[0].dropFirst(2))"))
        }
        let padded = try RunningServer(["padded", "0", "--database", "x"])
        #expect(try padded.end() == .exited(2))
    }
}
