// SPDX-License-Identifier: Apache-2.0

/// What a line of a client asks for; ranges are places in the line.
///
/// ```text
/// REGISTER <user> <password>    LOGIN <user> <password>
/// CREATE <channel>    JOIN <channel>    SAY <channel> <text>    CHANNELS
/// ```
///
/// One space stands between words, and no word is empty; the text begins behind the one before it
/// and is kept to its last byte. Everything else is ignored, and so is a line that is not UTF-8.
enum ChannelsCommand: Equatable {
    case register(user: Range<Int>, password: Range<Int>)
    case login(user: Range<Int>, password: Range<Int>)
    case create(Range<Int>)
    case join(Range<Int>)
    case say(channel: Range<Int>, text: Range<Int>)
    case channels
    case ignored

    /// Reads a line without its `\n` and without the `\r` that may stand before it.
    init(_ line: Span<UInt8>) {
        guard ChannelsLine.isUTF8(line) else {
            self = .ignored
            return
        }
        let words = ChannelsLine.words(of: line, atMost: 3)
        let word = line.extracting(words.first ?? 0..<0)
        switch words.count {
        case 1 where word.isEqual(to: "CHANNELS"): self = .channels
        case 2 where word.isEqual(to: "CREATE"): self = Self.one(words[1], line) { .create($0) }
        case 2 where word.isEqual(to: "JOIN"): self = Self.one(words[1], line) { .join($0) }
        case 3 where word.isEqual(to: "SAY"):
            let isComplete = !words[1].isEmpty && !words[2].isEmpty
            self = isComplete ? .say(channel: words[1], text: words[2]) : .ignored
        case 3 where word.isEqual(to: "REGISTER"):
            self = Self.two(words, line) { .register(user: $0, password: $1) }
        case 3 where word.isEqual(to: "LOGIN"):
            self = Self.two(words, line) { .login(user: $0, password: $1) }
        default: self = .ignored
        }
    }

    private static func one(
        _ word: Range<Int>,
        _ line: Span<UInt8>,
        _ make: (Range<Int>) -> ChannelsCommand
    ) -> ChannelsCommand {
        ChannelsLine.isWord(word, line) ? make(word) : .ignored
    }

    private static func two(
        _ words: [Range<Int>],
        _ line: Span<UInt8>,
        _ make: (Range<Int>, Range<Int>) -> ChannelsCommand
    ) -> ChannelsCommand {
        let areWords = !words[1].isEmpty && ChannelsLine.isWord(words[2], line)
        return areWords ? make(words[1], words[2]) : .ignored
    }
}

/// How lines are taken apart.
enum ChannelsLine {
    /// A line without the `\r` at its end.
    static func content(_ line: Span<UInt8>) -> Range<Int> {
        let count = line.count
        return 0..<(count > 0 && line[count - 1] == 0x0D ? count - 1 : count)
    }

    static func isUTF8(_ line: Span<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: line)
            return true
        } catch {
            return false
        }
    }

    /// Whether it may stand in a line that is sent.
    static func isLineText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0x0A) && isUTF8(bytes.span)
    }

    /// The words of a line, some of them perhaps empty; the last one of `count` is all the rest.
    static func words(of line: Span<UInt8>, atMost count: Int) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = 0
        while words.count < count - 1 {
            let rest = line.extracting(droppingFirst: start)
            guard let length = rest.firstIndex(of: UInt8(ascii: " ")) else { break }
            words.append(start..<(start + length))
            start += length + 1
        }
        words.append(start..<line.count)
        return words
    }

    /// Whether it is one word, and not an empty one.
    static func isWord(_ range: Range<Int>, _ line: Span<UInt8>) -> Bool {
        !range.isEmpty && line.extracting(range).firstIndex(of: UInt8(ascii: " ")) == nil
    }
}
