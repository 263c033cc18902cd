// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What stress clients say in each protocol")
struct StressDialectTests {
    private let names = StressNames(mark: "abcd", clients: 4)

    private func groups(_ audience: StressGroups.Audience) -> StressGroups {
        StressGroups(clients: 4, size: 2, audience: audience)
    }

    /// The requests of a client on its way in, without padding and line feeds.
    private func entrance(_ dialect: some StressDialect, of client: Int) -> [String] {
        var requests: [String] = []
        while let request = dialect.request(requests.count, of: client, port: 4711) {
            let content = request.bytes.prefix(request.contentLength)
            requests.append(String(decoding: content, as: UTF8.self))
        }
        return requests
    }

    private func said(_ dialect: some StressDialect, _ text: String, to recipient: Int) -> String {
        var bytes: [UInt8] = []
        let length = dialect.write(
            { $0.append(contentsOf: text.utf8) }, from: 0, to: recipient, into: &bytes)
        #expect(length <= bytes.count)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a message is: "ann: text", or the name of its case.
    private func read(_ dialect: some StressDialect, _ message: String) -> String {
        Array(message.utf8).withUnsafeBytes { bytes in
            switch dialect.read(bytes) {
            case .said(let name, let text):
                String(decoding: name, as: UTF8.self) + ": " + String(decoding: text, as: UTF8.self)
            case .confirmed: "confirmed"
            case .refused: "refused"
            case .answered: "answered"
            case .news(.came, let name): String(decoding: name, as: UTF8.self) + " came"
            case .news(.left, let name): String(decoding: name, as: UTF8.self) + " left"
            case .aside: "aside"
            case .unknown: "unknown"
            }
        }
    }

    private func answer(
        _ dialect: some StressDialect, _ message: String, to step: Int, of client: Int
    ) -> EntranceAnswer {
        Array(message.utf8).withUnsafeBytes { dialect.answer($0, to: step, of: client) }
    }

    @Test("padded: the first of a group makes its channel, and a message is a frame")
    func padded() {
        let dialect = PaddedStress(names: names, groups: groups(.others))
        #expect(entrance(dialect, of: 2) == ["uabcd00002", "/create cabcd00002", "/here"])
        #expect(entrance(dialect, of: 3) == ["uabcd00003", "/join cabcd00002", "/here"])
        #expect(said(dialect, "a  b", to: 1).utf8.count == 200)
        #expect(read(dialect, "[ann] a  b   ") == "ann: a  b")
        #expect(read(dialect, "ann has joined   ") == "ann came")
        #expect(read(dialect, "ann has left   ") == "ann left")
        #expect(read(dialect, "/here is not a valid control message. Valid") == "answered")
        #expect(read(dialect, "   ") == "unknown")
        #expect(read(dialect, "[ann") == "unknown")
        #expect(read(dialect, "Room c already exists, so cannot be created.") == "unknown")
        #expect(read(dialect, "Not currently in any channel. Must") == "refused")
        let granted = "/here is not a valid control message. Valid messages are"
        #expect(answer(dialect, granted, to: 2, of: 0) == .granted)
        #expect(answer(dialect, "No channel named c exists.", to: 2, of: 0) == .refused)
        #expect(answer(dialect, "uabcd00001 has joined", to: 2, of: 0) == .unrelated)
        let longest = "[uabcd00000] " + String(repeating: "x", count: PaddedStress.longestText)
        #expect(longest.utf8.count == 200)
    }

    @Test("hello: a login, and messages to one other")
    func hello() {
        let dialect = HelloStress(names: names, groups: groups(.one))
        #expect(entrance(dialect, of: 1) == ["HELLO-FROM uabcd00001"])
        #expect(said(dialect, "a b", to: 1) == "SEND uabcd00001 a b\n")
        #expect(read(dialect, "DELIVERY ann a  b ") == "ann: a  b ")
        #expect(read(dialect, "SEND-OK") == "confirmed")
        #expect(read(dialect, "BAD-DEST-USER") == "refused")
        #expect(read(dialect, "LIST-OK ann,bob") == "answered")
        #expect(read(dialect, "DELIVERY ann") == "unknown")
        #expect(read(dialect, "") == "unknown")
        #expect(read(dialect, "SEND-OK ") == "unknown")
        #expect(read(dialect, "HELLO uabcd00001") == "unknown")
        #expect(answer(dialect, "HELLO uabcd00001", to: 0, of: 1) == .granted)
        #expect(answer(dialect, "BUSY", to: 0, of: 1) == .refused)
    }

    @Test("json: texts are written and read as JSON")
    func json() {
        let dialect = JSONStress(names: names)
        #expect(entrance(dialect, of: 1) == [#"{"request": "login", "content": "uabcd00001"}"#])
        let message = said(dialect, #"a"b\"#, to: 0)
        #expect(message == #"{"request": "msg", "content": "a\"b\\"}"#)
        let came = #"{"response":"message","sender":"ann","content":"a\"b\\\u00e9","timestamp":""}"#
        #expect(read(dialect, came) == #"ann: a"b\é"#)
        #expect(read(dialect, #"{"response":"error","content":"no"}"#) == "refused")
        #expect(read(dialect, #"{"response":"history","content":[]}"#) == "aside")
        #expect(read(dialect, #"{"response":"info","content":"Help"}"#) == "answered")
        #expect(read(dialect, #"{"response":"news","content":""}"#) == "unknown")
        #expect(read(dialect, #"{"response":"message","content":"a"}"#) == "unknown")
        #expect(read(dialect, "nonsense") == "unknown")
        #expect(answer(dialect, #"{"response":"info"}"#, to: 0, of: 0) == .granted)
        #expect(answer(dialect, #"{"response":"error"}"#, to: 0, of: 0) == .refused)
    }

    @Test("callback: a login, a port, and messages to one other")
    func callback() {
        let passwords = (0..<4).map { Array("p\($0)".utf8) }
        let dialect = CallbackStress(names: names, passwords: passwords, groups: groups(.one))
        #expect(entrance(dialect, of: 1) == ["/login uabcd00001 p1", "/port 4711"])
        #expect(said(dialect, "a b", to: 1) == "/to uabcd00001 a b\n")
        #expect(read(dialect, "/from ann a  b") == "ann: a  b")
        #expect(read(dialect, "303 Message delivery successful") == "confirmed")
        #expect(read(dialect, "304 Message delivery failed") == "refused")
        #expect(read(dialect, "301 ann bob") == "answered")
        #expect(read(dialect, "310 Bye bye") == "unknown")
        #expect(read(dialect, "") == "unknown")
        #expect(answer(dialect, "101 Authentication successful", to: 0, of: 1) == .granted)
        #expect(answer(dialect, "201 Build connection successful", to: 1, of: 1) == .granted)
        #expect(answer(dialect, "202 Build connection failed", to: 1, of: 1) == .refused)
    }

    @Test("channels: an account and a channel, which may be there already")
    func channels() {
        let dialect = ChannelsStress(names: names, groups: groups(.everyone))
        let words = entrance(dialect, of: 3).map { $0.split(separator: " ")[0] }
        #expect(words == ["REGISTER", "LOGIN", "CREATE", "JOIN"])
        #expect(entrance(dialect, of: 3).last == "JOIN cabcd00002")
        #expect(said(dialect, "a b", to: 0) == "SAY cabcd00000 a b\n")
        #expect(read(dialect, "RECV ann c a  b") == "ann: a  b")
        #expect(read(dialect, "RESULT SAY 0") == "refused")
        #expect(read(dialect, "RESULT SAY c 1") == "aside")
        #expect(read(dialect, "RESULT CHANNELS c, d") == "answered")
        #expect(read(dialect, "") == "aside")
        #expect(read(dialect, "RECV ann c") == "unknown")
        #expect(read(dialect, "PART ann") == "unknown")
        #expect(answer(dialect, "RESULT REGISTER 0", to: 0, of: 3) == .granted)
        #expect(answer(dialect, "RESULT LOGIN 0", to: 1, of: 3) == .refused)
        #expect(answer(dialect, "RESULT JOIN cabcd00002 0", to: 3, of: 3) == .refused)
        #expect(answer(dialect, "RECV ann c old", to: 3, of: 3) == .unrelated)
    }

    @Test("one is told of each who comes later once, and of those who leave when all part")
    func news() {
        var news = PresenceNews(groups: groups(.others))
        func tell(
            _ event: PresenceNews.Event, _ client: Int, at receiver: Int, isParting: Bool = false
        ) -> PresenceNews.Verdict {
            news.tell(event, of: client, at: receiver, isParting: isParting)
        }
        #expect(tell(.came, 1, at: 0) == .due)
        #expect(tell(.came, 1, at: 0) == .unasked)
        #expect(tell(.came, 0, at: 1) == .unasked)
        #expect(tell(.came, 2, at: 0) == .unasked, "another group")
        #expect(tell(.left, 1, at: 0, isParting: true) == .due)
        #expect(tell(.left, 1, at: 0, isParting: true) == .unasked)
        #expect(tell(.left, 0, at: 0, isParting: true) == .unasked)
        #expect(tell(.left, 0, at: 1) == .early)
        #expect(tell(.left, 0, at: 1, isParting: true) == .due)
        #expect(tell(.left, 2, at: 0) == .unasked, "another group")
        #expect(tell(.left, 0, at: 0) == .unasked)
    }

    @Test("names are found again, and nobody else's are")
    func namesOfTheRun() {
        for client in 0..<4 {
            names.names[client].withUnsafeBytes { #expect(names.number(of: $0) == client) }
        }
        Array("uabce00001".utf8).withUnsafeBytes { #expect(names.number(of: $0) == nil) }
    }

    @Test("a users file has a name and a password in each line")
    func users() throws {
        let users = try UsersFile(Array("ann 1\r\n\n \nbob 2".utf8))
        #expect(users.names == [Array("ann".utf8), Array("bob".utf8)])
        #expect(users.passwords == [Array("1".utf8), Array("2".utf8)])
        #expect(throws: UsersFile.Problem(line: 2)) { try UsersFile(Array("a b\nc".utf8)) }
    }
}
