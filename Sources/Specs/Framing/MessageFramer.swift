// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// A way in which a server's framing strays, that the framer can still read.
package enum FramingDeviation: String, CaseIterable, Hashable, Sendable {
    /// Filled up with something else than the padding (NUL bytes, say).
    case otherPadding
    /// A line break behind the text or in the padding.
    case newlineInPadding
    /// A message that stops short of its width, or has no terminator.
    case shortFrame
    /// More padding than the width has room for.
    case surplusPadding
    /// A line break between two frames.
    case newlineAfterFrame
    /// The width was counted in characters.
    case countedInCharacters
    /// `\r` before the terminator.
    case carriageReturn
    /// A text that is not JSON.
    case notJSON
    /// NUL bytes between two messages.
    case nulBetweenMessages
}

/// One message of the stream.
package struct FramedMessage: Equatable, Sendable {
    /// The content: no padding, no terminator.
    package var payload: [UInt8]
    /// The whole frame.
    package var bytes: [UInt8]
    /// Where the frame begins in the stream of its connection.
    package var streamOffset: Int
    package var deviations: Set<FramingDeviation> = []
    /// The value that the framer has read, where messages are JSON.
    package var json: JSONNode?

    package init(
        payload: [UInt8], bytes: [UInt8], streamOffset: Int,
        deviations: Set<FramingDeviation> = [], json: JSONNode? = nil
    ) {
        self.payload = payload
        self.bytes = bytes
        self.streamOffset = streamOffset
        self.deviations = deviations
        self.json = json
    }
}

/// Gives back the messages of a stream, however it was cut, and tolerates known deviations.
package protocol MessageFramer: Sendable {
    mutating func append(_ bytes: [UInt8])
    /// The next complete message.
    mutating func next() -> FramedMessage?
    /// Makes a message of what is pending, if that can be done.
    ///
    /// Asked when the stream has been silent so long that the rest will not come.
    mutating func settle() -> FramedMessage?
    /// Whether `settle` would make a message of what is pending.
    var canSettle: Bool { get }
    /// The message that is left when the stream has ended; asked until there is none.
    mutating func finish() -> FramedMessage?
    /// What has come of a message that is not complete.
    var pending: ArraySlice<UInt8> { get }
    /// Whether this server has strayed before in a way that `settle` had to find.
    var expectsShortFrames: Bool { get }
}

extension MessageFramer {
    package var canSettle: Bool { !pending.isEmpty }
    package mutating func finish() -> FramedMessage? { settle() }
}
