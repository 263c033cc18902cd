// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads frames of one width.
///
/// A server that strays is still read, so that it is judged for what it does wrong once and not
/// in every scenario: shorter frames are taken when the stream is silent, and their width is then
/// expected; padding beyond the width, and line breaks between frames, are passed over.
package struct FixedFramer: MessageFramer {
    let width: Int
    let padding: UInt8
    private let isTolerant: Bool
    private var buffer = StreamBuffer()
    package private(set) var expectsShortFrames: Bool
    /// The width that this server keeps to instead.
    private var learntWidth: Int?
    private var noted: Set<FramingDeviation> = []
    /// How many bytes the last frame had beyond its count of characters.
    private var surplus = 0
    private var hasTakenFrame = false
    /// This server is known to put line breaks between frames.
    private var breaksLines = false

    init(
        width: Int, padding: UInt8, expectsShortFrames: Bool = false, isTolerant: Bool = true
    ) {
        self.width = width
        self.padding = padding
        self.expectsShortFrames = expectsShortFrames
        self.isTolerant = isTolerant
    }

    package var pending: ArraySlice<UInt8> { buffer.bytes }

    package mutating func append(_ bytes: [UInt8]) {
        buffer.append(bytes)
    }

    package mutating func next() -> FramedMessage? {
        guard skipBetweenFrames(), buffer.count >= learntWidth ?? width else { return nil }
        if learntWidth != nil { noted.insert(.shortFrame) }
        return take(learntWidth ?? width)
    }

    package mutating func settle() -> FramedMessage? {
        guard buffer.count > 0 else { return nil }
        if hasTakenFrame, buffer.bytes.allSatisfy(Self.isLineBreak) {
            skipLineBreak()
            return nil
        }
        if buffer.count == width { return take(width) }
        if hasTakenFrame, buffer.bytes.allSatisfy({ $0 == padding }) {
            noted.insert(buffer.count == surplus ? .countedInCharacters : .surplusPadding)
            _ = buffer.take(buffer.count)
            return nil
        }
        // A frame that is a few bytes too narrow shows a habit; a text without padding does not.
        if buffer.bytes.last == padding, buffer.count > width - 8 { learntWidth = buffer.count }
        noted.insert(.shortFrame)
        expectsShortFrames = true
        return take(buffer.count)
    }

    /// Passes over what stands where a frame should begin; `false` while that cannot be told.
    private mutating func skipBetweenFrames() -> Bool {
        guard hasTakenFrame, isTolerant else { return true }
        while let first = buffer.bytes.first, Self.isLineBreak(first) {
            guard let isBetween = isLineBreakBetweenFrames else { return false }
            guard isBetween else { return true }
            skipLineBreak()
        }
        guard let run = leadingPadding() else { return true }
        if run == surplus {
            noted.insert(.countedInCharacters)
            _ = buffer.take(run)
        } else if run > 1 {
            noted.insert(.surplusPadding)
            _ = buffer.take(run)
        }
        return true
    }

    /// Whether the line break at the front belongs to no frame; `nil` while that cannot be told.
    ///
    /// Where it begins a frame, another frame or nothing stands behind that frame's width; where
    /// it stands between two, the width ends inside the padding of the next.
    private var isLineBreakBetweenFrames: Bool? {
        if breaksLines { return true }
        guard buffer.count > width else { return nil }
        let behind = buffer.bytes[buffer.bytes.startIndex + width]
        return behind == padding || Self.isLineBreak(behind)
    }

    private mutating func skipLineBreak() {
        breaksLines = true
        noted.insert(.newlineAfterFrame)
        _ = buffer.take(1)
    }

    /// How much padding precedes the next content, where it is less than a blank frame.
    private func leadingPadding() -> Int? {
        guard buffer.bytes.first == padding,
            let content = buffer.bytes.firstIndex(where: { $0 != padding })
        else { return nil }
        let run = content - buffer.bytes.startIndex
        return run < width ? run : nil
    }

    private mutating func take(_ count: Int) -> FramedMessage {
        let offset = buffer.streamOffset
        let bytes = buffer.take(count)
        var message = FramedMessage(payload: bytes, bytes: bytes, streamOffset: offset)
        message.deviations = noted
        strip(&message)
        noted = []
        hasTakenFrame = true
        let isPlain = bytes.allSatisfy { $0 < 0x80 }
        surplus = isPlain ? 0 : bytes.count - UTF8Edges.characterCount(of: bytes)
        return message
    }

    private func strip(_ message: inout FramedMessage) {
        var end = message.bytes.count
        while end > 0 {
            let last = message.bytes[end - 1]
            if Self.isLineBreak(last), last != padding {
                message.deviations.insert(.newlineInPadding)
            } else if last == 0 || last == 0x09 || last == 0x0B || last == 0x0C, last != padding {
                message.deviations.insert(.otherPadding)
            } else if last != padding {
                break
            }
            end -= 1
        }
        message.payload = Array(message.bytes[..<end])
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
