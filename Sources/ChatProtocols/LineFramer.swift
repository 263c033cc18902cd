// SPDX-License-Identifier: Apache-2.0

/// Cuts a stream into lines that end with `\n`.
///
/// A line that is whole in what a read brought is handed on where it lies; only a line that is not
/// complete is kept. Each byte is looked at once and copied at most once, however the stream is cut.
struct LineFramer: Sendable {
    /// What a stretch of the stream comes to.
    enum Piece: Equatable {
        /// A whole line, without its `\n`.
        case line
        /// More bytes than a line may have; nothing that follows can be made sense of.
        case tooLong
    }

    /// The longest line, its `\n` not counted.
    var limit: Int
    private var partial: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    /// Whether the stream ends in the middle of a line.
    var isInLine: Bool { !partial.isEmpty }

    /// Takes bytes up to the end of one line, and hands it on if that completes it.
    ///
    /// Returns how many bytes were taken: at least one, unless there are none. A line is too long
    /// as soon as one byte more than the limit is there; its bytes are not handed on.
    mutating func take(_ bytes: Span<UInt8>, _ handle: (Piece, Span<UInt8>) -> Void) -> Int {
        let room = limit - partial.count
        guard let length = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count <= room else { return refuse(bytes, handle) }
            partial.append(bytes)
            return bytes.count
        }
        guard length <= room else { return refuse(bytes, handle) }
        if partial.isEmpty {
            handle(.line, bytes.extracting(first: length))
        } else {
            partial.append(bytes.extracting(first: length))
            let line = partial
            partial = []
            handle(.line, line.span)
        }
        return length + 1
    }

    private mutating func refuse(
        _ bytes: Span<UInt8>,
        _ handle: (Piece, Span<UInt8>) -> Void
    ) -> Int {
        partial = []
        handle(.tooLong, bytes.extracting(first: 0))
        return bytes.count
    }
}

extension Span<UInt8> {
    /// The place of the first such byte, or `nil`.
    func firstIndex(of byte: UInt8) -> Int? {
        withUnsafeBufferPointer { $0.firstIndex(of: byte) }
    }
}
