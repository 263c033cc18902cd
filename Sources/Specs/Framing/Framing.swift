// SPDX-License-Identifier: Apache-2.0

import Bytes
package import JSONText

/// How a protocol gives messages borders (`framing` of `protocol.json`).
package enum Framing: Equatable, Sendable {
    /// Messages of `width` bytes, filled up with `padding`.
    case fixed(width: Int, padding: UInt8)
    /// Messages that end with `terminator`.
    case line(terminator: [UInt8])
    /// JSON values, one after the other.
    case json(JSONLimits)
}

/// One message as it goes onto the wire.
package struct Frame: Equatable, Sendable {
    package var bytes: [UInt8]
    /// Where the content ends and padding or terminator begins.
    package var contentLength: Int

    package init(bytes: [UInt8], contentLength: Int) {
        self.bytes = bytes
        self.contentLength = contentLength
    }
}

/// Why a content cannot be framed.
package struct FramingError: Error, Equatable, Sendable, CustomStringConvertible {
    package var description: String
}

extension Framing {
    /// Frames `content`; a content that its frame cannot hold is an error of the scenario.
    package func frame(_ content: [UInt8]) throws(FramingError) -> Frame {
        switch self {
        case .fixed(let width, let padding):
            guard content.count <= width else {
                throw FramingError(
                    description: "this message has \(content.count) bytes, a frame holds \(width); "
                        + "use 'sendBytes' to send it all the same")
            }
            let fill = Array(repeating: padding, count: width - content.count)
            return Frame(bytes: content + fill, contentLength: content.count)
        case .line(let terminator):
            return Frame(bytes: content + terminator, contentLength: content.count)
        case .json:
            return Frame(bytes: content, contentLength: content.count)
        }
    }

    /// A framer for what the runner itself sends, which is read as it is meant.
    package var strictFramer: any MessageFramer {
        switch self {
        case .fixed(let width, let padding):
            FixedFramer(width: width, padding: padding, isTolerant: false)
        case .line(let terminator):
            LineFramer(terminator: terminator, isTolerant: false)
        case .json(let limits):
            JSONFramer(limits: limits, isTolerant: false)
        }
    }

    /// A framer for what a server sends.
    package func framer(expectsShortFrames: Bool = false) -> any MessageFramer {
        switch self {
        case .fixed(let width, let padding):
            FixedFramer(width: width, padding: padding, expectsShortFrames: expectsShortFrames)
        case .line(let terminator):
            LineFramer(terminator: terminator, expectsShortFrames: expectsShortFrames)
        case .json(let limits):
            JSONFramer(limits: limits, expectsShortFrames: expectsShortFrames)
        }
    }

    /// The value that a message of this framing is; `nil` where messages are no JSON, or this is none.
    package func json(in payload: [UInt8]) -> JSONNode? {
        guard case .json(let limits) = self else { return nil }
        return try? JSONReader.parse(whole: payload, limits: limits)
    }
}
