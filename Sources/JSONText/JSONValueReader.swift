// SPDX-License-Identifier: Apache-2.0

/// Values from bytes where they lie, one after the other; keeps nothing of them but what a value
/// that has begun is made of.
struct JSONValueReader: Sendable {
    private let maximumBytes: Int
    private var tokenizer = JSONTokenizer()
    private var builder: JSONTreeBuilder
    private var tokenStart = JSONPosition()
    private var valueStart = JSONPosition()

    /// Where the next byte to be read stands, counted from the beginning of the stream.
    private(set) var position = JSONPosition()

    /// The stream's bytes that the value given last was made of.
    private(set) var lastValueRange = 0..<0

    init(limits: JSONLimits, duplicateKeys: JSONDuplicateKeys, keeping: JSONKeeping) {
        maximumBytes = limits.maximumBytes
        builder = JSONTreeBuilder(
            maximumDepth: limits.maximumDepth, duplicateKeys: duplicateKeys, keeping: keeping)
    }

    /// Whether a value has begun and not ended.
    var isInsideValue: Bool {
        tokenizer.unit != nil || builder.innermost != nil
    }

    /// Reads from `index` to the end of one value, or of the bytes.
    mutating func readValue(
        _ bytes: Span<UInt8>,
        from index: inout Int
    ) throws(JSONError) -> JSONNode? {
        while index < bytes.count {
            takePlainRun(bytes, from: &index)
            guard index < bytes.count else { break }
            let before = position.offset
            // A byte that only shows the end of a number is read again, as what follows it.
            defer { index += position.offset - before }
            if let node = try step(bytes[index]) { return node }
        }
        return nil
    }

    private mutating func step(_ byte: UInt8) throws(JSONError) -> JSONNode? {
        guard tokenizer.unit != nil else { return try stepBetweenTokens(byte) }
        switch try tokenizer.consume(byte, at: position) {
        case .more:
            try advance(over: byte, ofValue: true)
            return nil
        case .token(let token):
            try advance(over: byte, ofValue: true)
            return try complete(token)
        case .tokenBefore(let token):
            return try complete(token)
        }
    }

    private mutating func stepBetweenTokens(_ byte: UInt8) throws(JSONError) -> JSONNode? {
        guard !Self.isWhiteSpace(byte) else {
            try advance(over: byte, ofValue: isInsideValue)
            return nil
        }
        guard let kind = JSONTokenKind(firstByte: byte), builder.expectation.accepts(kind) else {
            let reason = JSONError.Reason.unexpected(byte, expected: builder.expectation)
            throw JSONError(position: position, reason: reason)
        }
        if !isInsideValue { valueStart = position }
        tokenStart = position
        let token = try tokenizer.begin(kind, with: byte, at: position)
        try advance(over: byte, ofValue: true)
        return try token.flatMap { token throws(JSONError) in try complete(token) }
    }

    private mutating func complete(_ token: JSONToken) throws(JSONError) -> JSONNode? {
        guard let node = try builder.take(token, at: tokenStart) else { return nil }
        lastValueRange = valueStart.offset..<position.offset
        return node
    }

    /// The value that only the end of the stream ends, where there is one.
    mutating func end() throws(JSONError) -> JSONNode? {
        if let token = tokenizer.end(), let node = try complete(token) { return node }
        if let unit = tokenizer.unit {
            throw JSONError(position: position, reason: .endsInside(unit, since: tokenStart))
        }
        guard let (unit, start) = builder.innermost else { return nil }
        throw JSONError(position: position, reason: .endsInside(unit, since: start))
    }

    /// Steps over a byte behind a value; `false` where it is no white space, and stays.
    mutating func skipWhiteSpace(_ byte: UInt8) -> Bool {
        guard Self.isWhiteSpace(byte) else { return false }
        position.advance(over: byte)
        return true
    }

    /// Takes what is printable ASCII of a string at once: most of most JSON.
    private mutating func takePlainRun(_ bytes: Span<UInt8>, from index: inout Int) {
        guard tokenizer.isInPlainString else { return }
        let allowed = valueStart.offset + maximumBytes - position.offset
        let end = min(bytes.count, index + max(0, allowed))
        var runEnd = index
        while runEnd < end, Self.isPlain(bytes[runEnd]) { runEnd += 1 }
        guard runEnd > index else { return }
        tokenizer.takePlain(bytes.extracting(index..<runEnd))
        position.advance(overCharacters: runEnd - index)
        index = runEnd
    }

    /// Steps over a byte; `isOfValue` where it counts for the bound: the last byte of a value is
    /// of it, though nothing is open after it.
    private mutating func advance(over byte: UInt8, ofValue isOfValue: Bool) throws(JSONError) {
        let length = position.offset - valueStart.offset
        if isOfValue, length >= maximumBytes {
            throw JSONError(position: position, reason: .tooLong(limit: maximumBytes))
        }
        position.advance(over: byte)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
