// SPDX-License-Identifier: Apache-2.0

/// How responses are written: objects with four members, each followed by a line feed.
///
/// The line feed is white space between JSON values; clients that read lines are served by it, too.
enum JSONChatResponse {
    /// The words of `response` whose content is a text.
    enum Kind {
        case error, info, message

        fileprivate var word: StaticString {
            switch self {
            case .error: "error"
            case .info: "info"
            case .message: "message"
            }
        }
    }

    /// Writes a response with a text, without the line feed.
    static func append(
        _ kind: Kind,
        _ content: [UInt8],
        by sender: [UInt8],
        at timestamp: [UInt8],
        to output: inout [UInt8]
    ) {
        begin(kind.word, by: sender, at: timestamp, to: &output)
        output.append(quoted: content.span)
        output.append("}")
    }

    /// Writes a `history` with all that is in it, and the line feed.
    static func append(
        _ history: JSONChatHistory,
        at timestamp: [UInt8],
        to output: inout [UInt8]
    ) {
        begin("history", by: server, at: timestamp, to: &output)
        output.append("[")
        history.appendElements(to: &output)
        output.append("]}\n")
    }

    /// The sender of all that no user has said.
    ///
    /// A user may be called the same; the page fixes the word.
    static let server: [UInt8] = Array("server".utf8)

    private static func begin(
        _ word: StaticString,
        by sender: [UInt8],
        at timestamp: [UInt8],
        to output: inout [UInt8]
    ) {
        output.append(#"{"timestamp":"#)
        output.append(quoted: timestamp.span)
        output.append(#","sender":"#)
        output.append(quoted: sender.span)
        output.append(#","response":""#)
        output.append(word)
        output.append(#"","content":"#)
    }
}

extension [UInt8] {
    /// Writes UTF-8 as a JSON string (RFC 8259, section 7), with the escapes that must be.
    mutating func append(quoted text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        var written = 0
        for index in text.indices where Self.needsEscape(text[index]) {
            append(text.extracting(written..<index))
            append(escapeOf: text[index])
            written = index + 1
        }
        append(text.extracting(written..<text.count))
        append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(escapeOf byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(#"\""#)
        case UInt8(ascii: "\\"): append(#"\\"#)
        case 0x08: append(#"\b"#)
        case 0x09: append(#"\t"#)
        case 0x0A: append(#"\n"#)
        case 0x0C: append(#"\f"#)
        case 0x0D: append(#"\r"#)
        default:
            let digits: StaticString = "0123456789abcdef"
            append(byte < 0x10 ? #"\u000"# : #"\u001"#)
            append(digits.bytes[Int(byte & 0x0F)])
        }
    }
}
