// SPDX-License-Identifier: Apache-2.0

/// What a line of a client asks for; ranges are places in the line.
///
/// ```text
/// /login <user> <password>    /port <number>    /list    /to <user> <text>    /toall <text>    /exit
/// ```
///
/// One space stands between words; the text begins behind the one before it and is kept to its last
/// byte. Everything else is not recognized.
enum CallbackCommand: Equatable {
    case login(user: Range<Int>, password: Range<Int>)
    case port(UInt16)
    case list
    case to(user: Range<Int>, text: Range<Int>)
    case toAll(text: Range<Int>)
    case exit
    case unrecognized

    /// Reads a line without its `\n`.
    init(_ line: Span<UInt8>) {
        let space = UInt8(ascii: " ")
        let wordEnd = line.firstIndex(of: space)
        let word = line.extracting(first: wordEnd ?? line.count)
        let body = wordEnd.map { ($0 + 1)..<line.count }
        if word.isEqual(to: "/list") {
            self = body == nil ? .list : .unrecognized
        } else if word.isEqual(to: "/exit") {
            self = body == nil ? .exit : .unrecognized
        } else if let body {
            self = Self.withBody(word, body, line)
        } else {
            self = .unrecognized
        }
    }

    private static func withBody(
        _ word: Span<UInt8>,
        _ body: Range<Int>,
        _ line: Span<UInt8>
    ) -> CallbackCommand {
        if word.isEqual(to: "/login") { return login(body, line) }
        if word.isEqual(to: "/port") {
            return number(line.extracting(body)).map { .port($0) } ?? .unrecognized
        }
        if word.isEqual(to: "/to") {
            guard let (user, text) = halves(body, line), !text.isEmpty else { return .unrecognized }
            return .to(user: user, text: text)
        }
        if word.isEqual(to: "/toall"), !body.isEmpty { return .toAll(text: body) }
        return .unrecognized
    }

    private static func login(_ body: Range<Int>, _ line: Span<UInt8>) -> CallbackCommand {
        guard let (user, password) = halves(body, line), !password.isEmpty,
            line.extracting(password).firstIndex(of: UInt8(ascii: " ")) == nil
        else { return .unrecognized }
        return .login(user: user, password: password)
    }

    /// The first word, which is not empty, and what stands behind its space.
    private static func halves(
        _ body: Range<Int>,
        _ line: Span<UInt8>
    ) -> (first: Range<Int>, rest: Range<Int>)? {
        guard let length = line.extracting(body).firstIndex(of: UInt8(ascii: " ")), length > 0
        else { return nil }
        let end = body.lowerBound + length
        return (body.lowerBound..<end, (end + 1)..<body.upperBound)
    }

    /// A number from 1 to 65535 in plain digits.
    private static func number(_ digits: Span<UInt8>) -> UInt16? {
        var number = 0
        for index in digits.indices {
            guard (0x30...0x39).contains(digits[index]), number <= 65_535 else { return nil }
            number = number * 10 + Int(digits[index] - 0x30)
        }
        return number == 0 ? nil : UInt16(exactly: number)
    }

    /// Whether a line that came on a connection b is the receipt of what was sent there.
    static func isReceipt(_ line: Span<UInt8>) -> Bool {
        guard line.count > 3 else { return line.isEqual(to: "302") }
        return line.extracting(first: 4).isEqual(to: "302 ")
    }
}
