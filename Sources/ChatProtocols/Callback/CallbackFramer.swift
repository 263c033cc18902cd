// SPDX-License-Identifier: Apache-2.0

/// Cuts the stream of a connection into lines that end with `\n`.
///
/// A line that is whole in what a read brought is handed on where it lies; only a line that is not
/// complete is kept. Each byte is looked at once and copied at most once, however the stream is cut.
struct CallbackFramer {
    /// What a stretch of the stream comes to.
    enum Piece: Equatable {
        /// A whole line, without its `\n`.
        case line
        /// A whole line that was longer than a line may be; its bytes are gone.
        case tooLong
    }

    private var partial: [UInt8] = []
    /// Whether the line that is coming is too long already.
    private var isSkipping = false

    /// Whether the stream ends in the middle of a line.
    var isInLine: Bool { isSkipping || !partial.isEmpty }

    /// Takes bytes up to the end of one line, and hands it on if that completes it.
    ///
    /// Returns how many bytes were taken: at least one, unless there are none. A line is too long
    /// with more than ``Limits/callbackLine`` bytes, and is handed on, empty, at its end.
    mutating func take(_ bytes: Span<UInt8>, _ handle: (Piece, Span<UInt8>) -> Void) -> Int {
        let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
        let length = end ?? bytes.count
        if length > Limits.callbackLine - partial.count {
            isSkipping = true
            partial = []
        }
        guard end != nil else {
            if !isSkipping { partial.append(bytes) }
            return length
        }
        if isSkipping {
            isSkipping = false
            handle(.tooLong, bytes.extracting(first: 0))
        } else if partial.isEmpty {
            handle(.line, bytes.extracting(first: length))
        } else {
            partial.append(bytes.extracting(first: length))
            let line = partial
            partial = []
            handle(.line, line.span)
        }
        return length + 1
    }
}
