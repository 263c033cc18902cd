// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Finds the messages in a stream of bytes that we send, and alters none of them.
///
/// The framers of `Specs` read what a server sends and forgive it much; what a user gives us goes
/// out as it is.
struct MessageSplitter {
    /// A message without an end in sight is taken for one here: 1 MiB, to bound what is held.
    static let longestMessage = 1 << 20

    private let framing: Framing?
    /// The whole stream is one message, which ends with it.
    private let isEndless: Bool
    /// The bytes of the message that has begun and is not whole.
    private(set) var held: [UInt8] = []
    /// Up to here no line ends in what is held.
    private var scanned = 0
    private var values = valueScanner

    /// Segments of a message may have left when it turns out to be broken.
    private static let valueScanner = MessageScanner(.json, looksBack: false)

    /// Without a framing each block is one message, or, where it is `endless`, the whole stream.
    init(_ framing: Framing?, isEndless: Bool = false) {
        self.framing = framing
        self.isEndless = isEndless
    }

    /// The messages that are whole now.
    mutating func take(_ block: ArraySlice<UInt8>) -> [MessageToCut] {
        held += block
        guard !isEndless else { return [] }
        var messages: [MessageToCut] = []
        var start = 0
        while let length = nextLength(from: start) {
            messages.append(message(Array(held[start..<start + length])))
            start += length
            scanned = start
        }
        held.removeFirst(start)
        scanned = held.count
        return messages
    }

    /// What is left at the end of the stream: a message without its end.
    mutating func takeRest() -> MessageToCut? {
        guard !held.isEmpty else { return nil }
        defer { held = [] }
        return message(held)
    }

    /// Forgets the first bytes of an endless message.
    mutating func dropFirst(_ count: Int) { held.removeFirst(count) }

    private mutating func nextLength(from start: Int) -> Int? {
        let count = held.count - start
        guard count > 0 else { return nil }
        switch framing {
        case nil: return count
        case .fixed(let width, _): return count >= width ? width : nil
        case .line, .json: return nextLength(from: start, among: min(count, Self.longestMessage))
        }
    }

    /// Nothing is looked at behind as many bytes as a message may have, so that one without an end
    /// is let go at the same byte however it came.
    private mutating func nextLength(from start: Int, among count: Int) -> Int? {
        if let end = end(from: start, in: held[..<(start + count)]) { return end - start }
        guard count == Self.longestMessage else { return nil }
        values = Self.valueScanner
        return count
    }

    private mutating func end(from start: Int, in bytes: ArraySlice<UInt8>) -> Int? {
        guard case .line(let terminator) = framing else {
            return bytes.withUnsafeBytes { values.next(in: $0, from: start) }?.end
        }
        return bytes[max(start, scanned)...].firstIndex(of: terminator.last ?? 0).map { $0 + 1 }
    }

    private func message(_ bytes: [UInt8]) -> MessageToCut {
        switch framing {
        case nil: return MessageToCut(bytes: bytes)
        case .fixed(_, let padding):
            let content = bytes.lastIndex { $0 != padding }.map { $0 + 1 } ?? 0
            return MessageToCut(bytes: bytes, contentLength: content)
        case .line(let terminator):
            let isWhole = bytes.last == terminator.last
            return MessageToCut(bytes: bytes, contentLength: bytes.count - (isWhole ? 1 : 0))
        case .json: return MessageToCut(bytes: bytes)
        }
    }
}
