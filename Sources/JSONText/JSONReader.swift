// SPDX-License-Identifier: Apache-2.0

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
    private var pending: [UInt8] = []
    private var head = 0
    private var isFinished = false
    private var failure: JSONError?
    private var values: JSONValueReader

    /// `keeping` says how much of a value is kept of what has been read.
    package init(
        limits: JSONLimits = JSONLimits(),
        duplicateKeys: JSONDuplicateKeys = .lastCounts,
        keeping: JSONKeeping = .everything
    ) {
        values = JSONValueReader(
            limits: limits, duplicateKeys: duplicateKeys, keeping: keeping)
    }

    /// Where the next byte to be read stands, counted from the beginning of the stream.
    package var position: JSONPosition { values.position }

    /// The stream's bytes that the value given last was made of.
    package var lastValueRange: Range<Int> { values.lastValueRange }

    /// Whether a value has begun and not ended, in the bytes that `next` has read.
    package var isInsideValue: Bool { values.isInsideValue }

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
        return stoppingAtErrors { values throws(JSONError) in try values.end() }
    }

    /// Reads bytes where they lie, to the end of one value, and says how many of them it has read.
    ///
    /// For who has the bytes at hand and may want the rest later; nothing of them is kept but what
    /// the value is made of. Not to be mixed with `append`: bytes that wait for `next` are behind.
    package mutating func read(_ bytes: Span<UInt8>) -> (count: Int, result: JSONReaderResult) {
        var index = 0
        let result = stoppingAtErrors { values throws(JSONError) in
            try values.readValue(bytes, from: &index)
        }
        return (index, result)
    }

    private mutating func stoppingAtErrors(
        _ body: (inout JSONValueReader) throws(JSONError) -> JSONNode?
    ) -> JSONReaderResult {
        if let failure { return .malformed(failure) }
        do throws(JSONError) {
            return try body(&values).map(JSONReaderResult.value) ?? .needMoreBytes
        } catch {
            failure = error
            return .malformed(error)
        }
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
            guard values.skipWhiteSpace(pending[head]) else {
                throw JSONError(position: position, reason: .moreThanOneValue)
            }
            head += 1
        }
    }
}
