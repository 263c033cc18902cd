// SPDX-License-Identifier: Apache-2.0

/// How messages end on the wire.
enum MessageBorders: Equatable, Sendable {
    case fixed(Int)
    case line
    case json
}

/// Finds the messages in what came in on one connection.
///
/// Looks at each byte once, however the bytes come: it remembers how far it has looked, so a
/// message that arrives byte by byte costs linear time.
///
/// Of JSON it knows just what it takes to find the end of a value: strings, escapes, brackets, and
/// which bytes may stand between them. What stands between values and is neither white space nor
/// the beginning of one is handed out as a message, up to the next line feed or bracket, for its
/// reader to refuse. So is a value that is broken, up to where the next one seems to begin: one
/// damaged byte must not make deaf for what comes behind it. Who passes bytes on before their
/// message is whole cannot put a border among those that have left: it has a scanner that does not
/// look back, to which no border lies before a byte that an earlier call has looked at.
struct MessageScanner: Sendable {
    struct Found: Equatable {
        /// Without the line feed of a line; with the padding of a frame.
        var content: Range<Int>
        /// Where the next message begins.
        var end: Int
    }

    let borders: MessageBorders
    private let looksBack: Bool
    /// How many bytes of the message that has begun have been looked at.
    private var scanned = 0
    private var json = JSONBorders()

    init(_ borders: MessageBorders, looksBack: Bool = true) {
        self.borders = borders
        self.looksBack = looksBack
    }

    /// Whether nothing has been looked at of what comes next.
    var isFresh: Bool { scanned == 0 }

    /// The message that begins at `start`, if it is whole.
    ///
    /// Each call continues the one before: `start` is the first byte that was not handed out.
    mutating func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Found? {
        guard start < bytes.count else { return nil }
        switch borders {
        case .fixed(let width):
            guard bytes.count - start >= width else { return nil }
            return Found(content: start..<start + width, end: start + width)
        case .line:
            let end = ByteScanning.firstIndex(of: 0x0A, in: bytes, from: start + scanned)
            guard let end else {
                scanned = bytes.count - start
                return nil
            }
            scanned = 0
            return Found(content: start..<end, end: end + 1)
        case .json:
            return nextValue(in: bytes, from: start)
        }
    }

    private mutating func nextValue(in bytes: UnsafeRawBufferPointer, from start: Int) -> Found? {
        var offset = start + scanned
        while offset < bytes.count {
            if json.isInString { offset = ByteScanning.endOfPlain(in: bytes, from: offset) }
            guard offset < bytes.count else { break }
            switch json.step(bytes[offset]) {
            case .goesOn: offset += 1
            case .endsBehind:
                scanned = 0
                return Found(content: start..<offset + 1, end: offset + 1)
            case .endsBefore:
                scanned = 0
                return Found(content: start..<offset, end: offset)
            case .breaks: return broken(in: bytes, from: start, at: offset)
            }
        }
        scanned = bytes.count - start
        return nil
    }

    /// The value from `start` on cannot go on with the byte at `offset`.
    ///
    /// What is looked at once more begins with the last object before that byte, so no byte is
    /// looked at again twice.
    private mutating func broken(
        in bytes: UnsafeRawBufferPointer, from start: Int, at offset: Int
    ) -> Found {
        (scanned, json) = (0, JSONBorders())
        let seen = UnsafeRawBufferPointer(rebasing: bytes[..<offset])
        let last = looksBack ? JSONBorders.lastObject(in: seen, from: start) : nil
        let border = last ?? offset
        return Found(content: start..<border, end: border)
    }
}
