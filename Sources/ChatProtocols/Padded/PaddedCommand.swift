// SPDX-License-Identifier: Apache-2.0

/// What a frame of a named client asks for; ranges are places in the stripped message.
///
/// ```text
/// /join <channel>    /create <channel>    /list    anything that does not begin with "/"
/// ```
enum PaddedCommand: Equatable {
    case blank
    case say
    case list
    case join(Range<Int>)
    case create(Range<Int>)
    case joinNothing
    case createNothing
    case unknown

    /// Reads a message whose trailing white space is gone.
    ///
    /// The control word ends at the first space; what follows that run of spaces is the argument,
    /// inner spaces and all.
    init(_ message: Span<UInt8>) {
        guard !message.isEmpty else {
            self = .blank
            return
        }
        guard message[0] == UInt8(ascii: "/") else {
            self = .say
            return
        }
        self = Self.control(message)
    }

    private static func control(_ message: Span<UInt8>) -> PaddedCommand {
        let space = UInt8(ascii: " ")
        var wordEnd = 0
        while wordEnd < message.count, message[wordEnd] != space { wordEnd += 1 }
        var start = wordEnd
        while start < message.count, message[start] == space { start += 1 }
        let argument = start..<message.count
        let word = message.extracting(first: wordEnd)
        if word.isEqual(to: "/list") { return .list }
        if word.isEqual(to: "/join") { return argument.isEmpty ? .joinNothing : .join(argument) }
        if word.isEqual(to: "/create") {
            return argument.isEmpty ? .createNothing : .create(argument)
        }
        return .unknown
    }
}

extension PaddedCommand {
    /// A frame without its trailing white space: space, tab, CR, LF, VT, FF.
    ///
    /// More than the padding goes, because real clients pad `text\n`.
    static func message(in frame: Span<UInt8>) -> Range<Int> {
        var end = frame.count
        while end > 0, isWhitespace(frame[end - 1]) { end -= 1 }
        return 0..<end
    }

    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }
}
