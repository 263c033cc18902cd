// SPDX-License-Identifier: Apache-2.0

/// Bounds on what one value may make the reader hold.
package struct JSONLimits: Equatable, Sendable {
    /// Arrays and objects inside each other.
    ///
    /// 512 is what common parsers allow. Never more than 2,048: a tree is released and compared
    /// level by level on the stack.
    package var maximumDepth: Int
    /// Bytes of one value, white space inside it included: 1 MiB.
    package var maximumBytes: Int

    package init(maximumDepth: Int = 512, maximumBytes: Int = 1 << 20) {
        self.maximumDepth = min(max(maximumDepth, 0), 2_048)
        self.maximumBytes = maximumBytes
    }
}

/// What the reader knows after the bytes it has.
package enum JSONReaderResult: Equatable, Sendable {
    case value(JSONNode)
    /// All bytes are read; no value has ended since the last one.
    case needMoreBytes
    /// From here on the stream has no meaning; the reader says so for good.
    case malformed(JSONError)
}

/// Values from a stream of bytes that arrives in any pieces, strictly by RFC 8259.
///
/// Values may follow each other with or without white space. A number outside of an array or
/// object ends only with the byte after it, or with `finish`. Each byte is looked at once,
/// however it arrives.
package struct JSONReader: Sendable {
    private let limits: JSONLimits
    private var pending: [UInt8] = []
    private var head = 0
    private var isFinished = false
    private var failure: JSONError?
    private var tokenizer = JSONTokenizer()
    private var builder: JSONTreeBuilder
    private var tokenStart = JSONPosition()
    private var valueStart = JSONPosition()

    /// Where the next byte to be read stands, counted from the beginning of the stream.
    package private(set) var position = JSONPosition()

    /// The stream's bytes that the value given last was made of.
    package private(set) var lastValueRange = 0..<0

    /// `keeping` says how much of a value is kept of what has been read.
    package init(
        limits: JSONLimits = JSONLimits(),
        duplicateKeys: JSONDuplicateKeys = .lastCounts,
        keeping: JSONKeeping = .everything
    ) {
        self.limits = limits
        builder = JSONTreeBuilder(
            maximumDepth: limits.maximumDepth,
            duplicateKeys: duplicateKeys,
            keeping: keeping
        )
    }

    /// Whether a value has begun and not ended, in the bytes that `next` has read.
    package var isInsideValue: Bool {
        tokenizer.unit != nil || builder.innermost != nil
    }

    /// Hands bytes to the reader; `next` reads them.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        dropReadBytes()
        pending.append(contentsOf: bytes)
    }

    /// Hands bytes to the reader; `next` reads them.
    package mutating func append(_ bytes: Span<UInt8>) {
        dropReadBytes()
        bytes.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
    }

    /// Says that no more bytes will come.
    ///
    /// After it `next` gives what is left; a value that has not ended is malformed, and
    /// `needMoreBytes` means that the stream ended between values.
    package mutating func finish() {
        isFinished = true
    }

    /// The next value, as far as the bytes go.
    package mutating func next() -> JSONReaderResult {
        let bytes = pending
        let (taken, result) = read(bytes.span.extracting(droppingFirst: head))
        head += taken
        guard case .needMoreBytes = result, isFinished else { return result }
        return stoppingAtErrors { reader throws(JSONError) in try reader.end() }
    }

    /// Reads bytes where they lie, to the end of one value, and says how many of them it has read.
    ///
    /// For who has the bytes at hand and may want the rest later; nothing of them is kept but what
    /// the value is made of. Not to be mixed with `append`: bytes that wait for `next` are behind.
    package mutating func read(_ bytes: Span<UInt8>) -> (count: Int, result: JSONReaderResult) {
        var index = 0
        let result = stoppingAtErrors { reader throws(JSONError) in
            try reader.readValue(bytes, from: &index)
        }
        return (index, result)
    }

    private mutating func stoppingAtErrors(
        _ body: (inout JSONReader) throws(JSONError) -> JSONNode?
    ) -> JSONReaderResult {
        if let failure { return .malformed(failure) }
        do throws(JSONError) {
            return try body(&self).map(JSONReaderResult.value) ?? .needMoreBytes
        } catch {
            failure = error
            return .malformed(error)
        }
    }

    private mutating func readValue(
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

    private mutating func end() throws(JSONError) -> JSONNode? {
        if let token = tokenizer.end(), let node = try complete(token) { return node }
        if let unit = tokenizer.unit {
            throw JSONError(position: position, reason: .endsInside(unit, since: tokenStart))
        }
        guard let (unit, start) = builder.innermost else { return nil }
        throw JSONError(position: position, reason: .endsInside(unit, since: start))
    }

    /// Takes what is printable ASCII of a string at once: most of most JSON.
    private mutating func takePlainRun(_ bytes: Span<UInt8>, from index: inout Int) {
        guard tokenizer.isInPlainString else { return }
        let allowed = valueStart.offset + limits.maximumBytes - position.offset
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
        if isOfValue, length >= limits.maximumBytes {
            throw JSONError(position: position, reason: .tooLong(limit: limits.maximumBytes))
        }
        position.advance(over: byte)
    }

    private mutating func dropReadBytes() {
        if head == pending.count {
            pending.removeAll(keepingCapacity: true)
            head = 0
        } else if head > pending.count / 2 {
            pending.removeSubrange(..<head)
            head = 0
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

extension JSONReader {
    /// The one value of a whole text, such as a file.
    ///
    /// Throws where there is none, more than one, or anything after it but white space.
    package static func parse(
        whole bytes: some Sequence<UInt8>,
        limits: JSONLimits = JSONLimits(),
        duplicateKeys: JSONDuplicateKeys = .lastCounts
    ) throws(JSONError) -> JSONNode {
        var reader = JSONReader(limits: limits, duplicateKeys: duplicateKeys)
        reader.append(bytes)
        reader.finish()
        switch reader.next() {
        case .malformed(let error):
            throw error
        case .needMoreBytes:
            throw JSONError(position: reader.position, reason: .noValue)
        case .value(let node):
            try reader.skipWhiteSpaceToEnd()
            return node
        }
    }

    private mutating func skipWhiteSpaceToEnd() throws(JSONError) {
        while head < pending.count {
            guard Self.isWhiteSpace(pending[head]) else {
                throw JSONError(position: position, reason: .moreThanOneValue)
            }
            try advance(over: pending[head], ofValue: false)
            head += 1
        }
    }
}
