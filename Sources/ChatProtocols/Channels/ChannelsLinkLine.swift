// SPDX-License-Identifier: Apache-2.0

/// What a peer's line says.
///
/// ```text
/// FEDERATE-CONFIRM    FEDCHANNELS a, b    FEDNEW <channel>    FEDJOIN <user> <channel>
/// FEDSAY <user> <channel> <text>    FEDRECV <to> <from> <channel> <text>
/// FEDRESULT <user> <type> <channel> <0 or 1>
/// ```
enum ChannelsLinkLine: Equatable {
    case confirm
    case channels(ChannelsReceivedList)
    case new(ChannelsReceivedName)
    case join(user: ChannelsReceivedName, channel: ChannelsReceivedName)
    case say(user: ChannelsReceivedName, channel: ChannelsReceivedName, text: [UInt8])
    case recv(
        to: ChannelsReceivedName, from: ChannelsReceivedName, channel: ChannelsReceivedName,
        text: [UInt8])
    case joinResult(user: ChannelsReceivedName, channel: ChannelsReceivedName, isDone: Bool)
    case sayResult(user: ChannelsReceivedName, channel: ChannelsReceivedName, isDone: Bool)
    /// Nothing that a peer says; in words for the log.
    case ignored(String)

    /// Reads a line without its `\n` and without the `\r` that may stand before it.
    init(_ line: Span<UInt8>) {
        guard ChannelsLine.isUTF8(line) else {
            self = .ignored("a line that is not UTF-8")
            return
        }
        let parts = ChannelsLine.words(of: line, atMost: 2)
        let rest: [UInt8]? = parts.count == 2 ? line.extracting(parts[1]).bytes : nil
        self = Self.read(line.extracting(parts[0]), rest)
    }

    /// What the log may show of a line: all of one that holds names alone, of others the first word.
    ///
    /// What people say, and a password that went astray, is nobody's business.
    static func shown(_ line: Span<UInt8>) -> [UInt8] {
        let end = line.firstIndex(of: UInt8(ascii: " ")) ?? line.count
        let word = line.extracting(first: end)
        let isTalk = word.isEqual(to: "FEDSAY") || word.isEqual(to: "FEDRECV")
        let hasNames = end >= 3 && word.extracting(first: 3).isEqual(to: "FED") && !isTalk
        let shown = hasNames ? line : word
        return shown.extracting(first: min(shown.count, Limits.channelsLogExcerpt + 1)).bytes
    }

    /// Whether a line begins with a word that stands before messages of peers alone.
    static func isOfPeer(_ line: Span<UInt8>) -> Bool {
        let end = line.firstIndex(of: UInt8(ascii: " ")) ?? line.count
        let word = line.extracting(first: end)
        let words: [StaticString] = [
            "FEDERATE-OUT", "FEDERATE-CONFIRM", "FEDCHANNELS", "FEDNEW", "FEDJOIN", "FEDSAY",
            "FEDRECV", "FEDRESULT",
        ]
        return words.contains { word.isEqual(to: $0) }
    }

    private static func read(_ word: Span<UInt8>, _ rest: [UInt8]?) -> ChannelsLinkLine {
        if word.isEqual(to: "FEDERATE-CONFIRM"), rest == nil { return .confirm }
        if word.isEqual(to: "FEDCHANNELS") { return .channels(ChannelsReceivedList(rest ?? [])) }
        if word.isEqual(to: "FEDERATE-OUT"), rest == nil {
            return .ignored("a needless FEDERATE-OUT")
        }
        guard let rest else { return .ignored("a line that is no message of a peer") }
        if word.isEqual(to: "FEDNEW") { return new(words(rest, 1)) }
        if word.isEqual(to: "FEDJOIN") { return join(words(rest, 2)) }
        if word.isEqual(to: "FEDSAY") { return say(words(rest, 3)) }
        if word.isEqual(to: "FEDRECV") { return recv(words(rest, 4)) }
        if word.isEqual(to: "FEDRESULT") { return result(words(rest, 4)) }
        return .ignored("a line that is no message of a peer")
    }

    /// So many words, the last of which is all the rest; `nil` where one is missing or empty.
    private static func words(_ rest: [UInt8], _ count: Int) -> [[UInt8]]? {
        let words = ChannelsLine.words(of: rest.span, atMost: count).map { Array(rest[$0]) }
        return words.count == count && words.allSatisfy { !$0.isEmpty } ? words : nil
    }

    private static func new(_ words: [[UInt8]]?) -> ChannelsLinkLine {
        guard let words, let channel = ChannelsReceivedName(channel: words[0]) else {
            return .ignored("a FEDNEW that is not \"FEDNEW channel\"")
        }
        return .new(channel)
    }

    private static func join(_ words: [[UInt8]]?) -> ChannelsLinkLine {
        guard let words, let user = ChannelsReceivedName(user: words[0]),
            let channel = ChannelsReceivedName(channel: words[1])
        else { return .ignored("a FEDJOIN that is not \"FEDJOIN user channel\"") }
        return .join(user: user, channel: channel)
    }

    private static func say(_ words: [[UInt8]]?) -> ChannelsLinkLine {
        guard let words, let user = ChannelsReceivedName(user: words[0]),
            let channel = ChannelsReceivedName(channel: words[1])
        else { return .ignored("a FEDSAY that is not \"FEDSAY user channel text\"") }
        return .say(user: user, channel: channel, text: words[2])
    }

    private static func recv(_ words: [[UInt8]]?) -> ChannelsLinkLine {
        guard let words, let to = ChannelsReceivedName(user: words[0]),
            let from = ChannelsReceivedName(user: words[1]),
            let channel = ChannelsReceivedName(channel: words[2])
        else { return .ignored("a FEDRECV that is not \"FEDRECV to from channel text\"") }
        return .recv(to: to, from: from, channel: channel, text: words[3])
    }

    private static func result(_ words: [[UInt8]]?) -> ChannelsLinkLine {
        guard let words, let user = ChannelsReceivedName(user: words[0]),
            let channel = ChannelsReceivedName(channel: words[2]),
            words[3] == [UInt8(ascii: "0")] || words[3] == [UInt8(ascii: "1")]
        else { return .ignored("a FEDRESULT that is not \"FEDRESULT user type channel 0\"") }
        let isDone = words[3] == [UInt8(ascii: "1")]
        if words[1] == Array("JOIN".utf8) {
            return .joinResult(user: user, channel: channel, isDone: isDone)
        }
        if words[1] == Array("SAY".utf8) {
            return .sayResult(user: user, channel: channel, isDone: isDone)
        }
        return .ignored("a FEDRESULT of a type that is neither JOIN nor SAY")
    }
}

/// The channels that a peer lists.
struct ChannelsReceivedList: Equatable {
    var names: [ChannelsReceivedName] = []
    /// How many names are none that a channel can have, and the first of them.
    private(set) var refused = 0
    private(set) var firstRefused: [UInt8]?

    init(names: [ChannelsReceivedName]) { self.names = names }

    /// Reads names with commas between them, and perhaps a space behind each comma.
    init(_ text: [UInt8]) {
        for part in text.split(separator: UInt8(ascii: ",")) {
            let written = Array(part.first == 0x20 ? part.dropFirst() : part)
            if let name = ChannelsReceivedName(channel: written) {
                names.append(name)
            } else {
                refused += 1
                firstRefused = firstRefused ?? written
            }
        }
    }
}

/// A user or channel as a peer writes it: a name, and perhaps a host, whose port is left out.
struct ChannelsReceivedName: Hashable, Sendable {
    let name: [UInt8]
    let host: [UInt8]?

    /// A channel as it came, but for a port.
    var written: [UInt8] { host.map { name + [UInt8(ascii: ":")] + $0 } ?? name }

    /// `nil` for what no user can be called.
    init?(user text: [UInt8]) {
        self.init(text)
        guard ChannelsNames.isUser(name), isOneWord, isHostPlausible else { return nil }
    }

    /// `nil` for what no channel can be called.
    init?(channel text: [UInt8]) {
        self.init(text)
        guard ChannelsNames.isChannel(name), isOneWord, isHostPlausible else { return nil }
    }

    private init(_ text: [UInt8]) {
        let isMark = { (byte: UInt8) in byte == UInt8(ascii: "@") || byte == UInt8(ascii: ":") }
        let end = text.firstIndex(where: isMark)
        name = Array(text[..<(end ?? text.count)])
        host = end.map { Array(text[($0 + 1)...].prefix { $0 != UInt8(ascii: ":") }) }
    }

    private var isOneWord: Bool { !name.contains(0x20) }

    /// It may come to stand in lines to clients.
    private var isHostPlausible: Bool {
        guard let host else { return true }
        return (1...Limits.channelsName).contains(host.count)
            && !host.contains { $0 == 0x20 || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ",") }
    }
}
