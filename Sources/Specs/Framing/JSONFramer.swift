// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Reads JSON values that follow each other with or without white space.
///
/// Each byte is looked at once, however the stream was cut. A server that strays is still read:
///
/// - NUL bytes between values are passed over.
/// - Text that is not JSON is a message up to the end of its line; where no line ends, up to the
///   moment at which the stream falls silent.
/// - A number by itself ends with the byte after it, or with that silence.
///
/// A value that has begun is never taken for a whole one because the rest is late.
package struct JSONFramer: MessageFramer {
    /// How much the reader is handed at a time, so that a new beginning costs no more than this.
    private static let portion = 4096

    private let limits: JSONLimits
    private let isTolerant: Bool
    private var reader: JSONReader
    private var buffer = StreamBuffer()
    /// How many bytes of the buffer the reader has been handed.
    private var handed = 0
    /// The reader's offset of the buffer's first byte.
    private var origin = 0
    private var hasFailed = false
    /// After a failure: how many bytes of the buffer are known to hold no end of the line.
    private var scanned = 0
    private var noted: Set<FramingDeviation> = []
    package private(set) var expectsShortFrames: Bool

    init(limits: JSONLimits, expectsShortFrames: Bool = false, isTolerant: Bool = true) {
        self.limits = limits
        self.expectsShortFrames = expectsShortFrames
        self.isTolerant = isTolerant
        reader = JSONReader(limits: limits)
    }

    package var pending: ArraySlice<UInt8> { buffer.bytes }

    package var canSettle: Bool {
        guard isTolerant, let first = buffer.bytes.first else { return false }
        return hasFailed || first == UInt8(ascii: "-") || (0x30...0x39).contains(first)
    }

    package mutating func append(_ bytes: [UInt8]) {
        buffer.append(bytes)
    }

    package mutating func next() -> FramedMessage? {
        while true {
            if hasFailed { return nextLine() }
            switch reader.next() {
            case .value(let node): return take(node, reader.lastValueRange)
            case .malformed:
                // The bytes up to the reader's position were looked at already.
                hasFailed = true
                scanned = max(0, reader.position.offset - origin)
                continue
            case .needMoreBytes: break
            }
            if reader.isInsideValue { dropLeadingSpace() } else { dropWhatWasRead() }
            guard handOn() else { return nil }
        }
    }

    package mutating func settle() -> FramedMessage? {
        guard canSettle else { return nil }
        expectsShortFrames = true
        if hasFailed { return takeText(buffer.count) }
        var ending = reader
        ending.finish()
        guard case .value(let node) = ending.next() else { return nil }
        let range = ending.lastValueRange
        defer { beginAnew() }
        return take(node, range)
    }

    package mutating func finish() -> FramedMessage? {
        if let message = settle() { return message }
        guard isTolerant, buffer.count > 0 else { return nil }
        noted.insert(.shortFrame)
        return takeText(buffer.count)
    }

    /// Hands the reader the next bytes, up to the next NUL; `false` where there are none.
    private mutating func handOn() -> Bool {
        let rest = buffer.bytes.dropFirst(handed).prefix(Self.portion)
        guard let first = rest.first else { return false }
        if first == 0, isTolerant, !reader.isInsideValue {
            noted.insert(.nulBetweenMessages)
            _ = buffer.take(handed + 1)
            handed = 0
            origin = reader.position.offset
            return true
        }
        let run = rest.dropFirst().prefix { $0 != 0 }
        reader.append(rest.prefix(run.count + 1))
        handed += run.count + 1
        return true
    }

    /// White space between values belongs to none.
    private mutating func dropWhatWasRead() {
        _ = buffer.take(handed)
        handed = 0
        origin = reader.position.offset
    }

    /// So that what is pending begins with the value that has begun.
    private mutating func dropLeadingSpace() {
        let space = buffer.bytes.prefix(handed).prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard !space.isEmpty else { return }
        let count = space.count
        _ = buffer.take(count)
        handed -= count
        origin += count
    }

    private mutating func take(_ node: JSONNode, _ range: Range<Int>) -> FramedMessage {
        _ = buffer.take(range.lowerBound - origin)
        let offset = buffer.streamOffset
        let bytes = buffer.take(range.count)
        handed -= range.upperBound - origin
        origin = range.upperBound
        defer { noted = [] }
        return FramedMessage(
            payload: bytes, bytes: bytes, streamOffset: offset, deviations: noted, json: node)
    }

    /// Text that is not JSON, if its line has ended.
    private mutating func nextLine() -> FramedMessage? {
        guard isTolerant else { return nil }
        let rest = buffer.bytes.dropFirst(scanned)
        guard let end = rest.firstIndex(of: 0x0A) else {
            scanned = buffer.count
            return nil
        }
        return takeText(end - buffer.bytes.startIndex + 1)
    }

    private mutating func takeText(_ count: Int) -> FramedMessage {
        let offset = buffer.streamOffset
        let bytes = buffer.take(count)
        if !noted.contains(.shortFrame) { noted.insert(.notJSON) }
        beginAnew()
        defer { noted = [] }
        let payload = bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes
        return FramedMessage(
            payload: payload, bytes: bytes, streamOffset: offset, deviations: noted)
    }

    private mutating func beginAnew() {
        reader = JSONReader(limits: limits)
        (handed, origin, scanned, hasFailed) = (0, 0, 0, false)
    }
}
