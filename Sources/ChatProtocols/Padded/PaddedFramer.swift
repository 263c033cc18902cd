// SPDX-License-Identifier: Apache-2.0

/// Cuts one client's stream into frames of 200 bytes.
///
/// Whole frames are handed on where they lie; only a frame that is not complete is kept, and only
/// then is memory held. Each byte is copied at most once, however the stream is cut.
struct PaddedFramer {
    /// The width of every message, in both directions ("fixed length messages that have 200
    /// characters"; the decision that these are bytes is the protocol page's).
    static let width = 200

    private var partial: [UInt8] = []

    /// Whether the stream ends in the middle of a frame.
    var isInFrame: Bool { !partial.isEmpty }

    /// Takes bytes up to the end of one frame, and hands the frame on if that completes it.
    ///
    /// Returns how many bytes were taken: at least one, unless there are none.
    mutating func take(_ bytes: Span<UInt8>, _ handle: (Span<UInt8>) -> Void) -> Int {
        if partial.isEmpty, bytes.count >= Self.width {
            handle(bytes.extracting(first: Self.width))
            return Self.width
        }
        let count = min(Self.width - partial.count, bytes.count)
        if partial.isEmpty, count > 0 { partial.reserveCapacity(Self.width) }
        partial.append(bytes.extracting(first: count))
        if partial.count == Self.width {
            let frame = partial
            partial = []
            handle(frame.span)
        }
        return count
    }
}
