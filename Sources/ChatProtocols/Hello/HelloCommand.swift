// SPDX-License-Identifier: Apache-2.0

/// What a line asks for, whoever sent it; ranges are places in the line.
///
/// ```text
/// HELLO-FROM <name>    LIST    SEND <name> <text>
/// ```
enum HelloCommand: Equatable {
    case hello(name: Range<Int>)
    case list
    case send(name: Range<Int>, text: Range<Int>)
    /// `HELLO-FROM` with no name, or one that no user may have.
    case helloWithBadName
    /// `LIST` or `SEND` with something wrong behind it.
    case badBody
    case unknown

    /// Reads a line without its `\n`.
    ///
    /// The header ends at the first space. The text of `SEND` begins behind the one space that
    /// follows the name, and is kept to its last byte.
    init(_ line: Span<UInt8>) {
        let space = UInt8(ascii: " ")
        let headerEnd = line.firstIndex(of: space)
        let header = line.extracting(first: headerEnd ?? line.count)
        let body = headerEnd.map { ($0 + 1)..<line.count }
        if header.isEqual(to: "HELLO-FROM") {
            self = Self.hello(line, body)
        } else if header.isEqual(to: "LIST") {
            self = body == nil ? .list : .badBody
        } else if header.isEqual(to: "SEND") {
            self = Self.send(line, body)
        } else {
            self = .unknown
        }
    }

    private static func hello(_ line: Span<UInt8>, _ body: Range<Int>?) -> HelloCommand {
        guard let body, isName(line.extracting(body)) else { return .helloWithBadName }
        return .hello(name: body)
    }

    private static func send(_ line: Span<UInt8>, _ body: Range<Int>?) -> HelloCommand {
        guard let body,
            let nameLength = line.extracting(body).firstIndex(of: UInt8(ascii: " ")),
            nameLength > 0
        else { return .badBody }
        let nameEnd = body.lowerBound + nameLength
        let text = (nameEnd + 1)..<body.upperBound
        guard !isBlank(line.extracting(text)) else { return .badBody }
        return .send(name: body.lowerBound..<nameEnd, text: text)
    }

    /// Whether a user may be called this: not empty, no white space, nothing of `!@#$%^&*`, and no
    /// comma, which would break the list.
    static func isName(_ name: Span<UInt8>) -> Bool {
        !name.isEmpty
            && name.withUnsafeBufferPointer { bytes in
                bytes.allSatisfy { !isWhitespace($0) && !isIllegal($0) }
            }
    }

    static func isBlank(_ text: Span<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { $0.allSatisfy(isWhitespace) }
    }

    /// Space, tab, CR, VT and FF; a line has no LF.
    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }

    private static func isIllegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"),
            UInt8(ascii: "%"), UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "*"),
            UInt8(ascii: ","):
            true
        default:
            false
        }
    }
}
