// SPDX-License-Identifier: Apache-2.0

/// Reads messages that end with a terminator.
package struct LineFramer: MessageFramer {
    let terminator: [UInt8]
    /// Whether a carriage return in front of the terminator is read as a deviation, not as content.
    let isTolerant: Bool
    private var buffer = StreamBuffer()
    package private(set) var expectsShortFrames: Bool
    /// How many bytes are known not to end a message, so that single bytes cost linear time.
    private var scanned = 0

    init(terminator: [UInt8], isTolerant: Bool = true, expectsShortFrames: Bool = false) {
        self.terminator = terminator
        self.isTolerant = isTolerant
        self.expectsShortFrames = expectsShortFrames
    }

    package var pending: ArraySlice<UInt8> { buffer.bytes }

    package mutating func append(_ bytes: [UInt8]) {
        buffer.append(bytes)
    }

    package mutating func next() -> FramedMessage? {
        guard let length = lengthOfNext() else { return nil }
        scanned = 0
        let offset = buffer.streamOffset
        let bytes = buffer.take(length)
        var message = FramedMessage(
            payload: Array(bytes.dropLast(terminator.count)), bytes: bytes, streamOffset: offset)
        if isTolerant, terminator == [0x0A], message.payload.last == 0x0D {
            message.payload.removeLast()
            message.deviations.insert(.carriageReturn)
        }
        return message
    }

    package mutating func settle() -> FramedMessage? {
        guard buffer.count > 0 else { return nil }
        expectsShortFrames = true
        scanned = 0
        let offset = buffer.streamOffset
        let bytes = buffer.take(buffer.count)
        return FramedMessage(
            payload: bytes, bytes: bytes, streamOffset: offset, deviations: [.shortFrame])
    }

    private mutating func lengthOfNext() -> Int? {
        guard let last = terminator.last else { return nil }
        let bytes = buffer.bytes
        var index = bytes.startIndex + scanned
        while index < bytes.endIndex {
            if bytes[index] == last,
                bytes[...index].suffix(terminator.count).elementsEqual(terminator)
            {
                return index - bytes.startIndex + 1
            }
            index += 1
        }
        scanned = bytes.count
        return nil
    }
}
