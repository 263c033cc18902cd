// SPDX-License-Identifier: Apache-2.0

/// A text that many connections send, each from where it has got to; nobody copies it.
struct SharedPieces {
    /// None is empty.
    private var pieces: [[UInt8]] = []
    /// The piece that is being sent, and how much of it has left.
    private var place = 0
    private var taken = 0
    /// Bytes that are still to be sent.
    private(set) var left = 0

    init() {}

    init(_ pieces: [[UInt8]]) {
        // A copy of the list of pieces only where it must be: it is shared, too.
        let isSound = pieces.allSatisfy { !$0.isEmpty }
        self.pieces = isSound ? pieces : pieces.filter { !$0.isEmpty }
        left = pieces.reduce(0) { $0 + $1.count }
    }

    /// Hands the kernel of the next piece as much as it takes, but no more than `most`; there must be
    /// some left.
    mutating func send(to socket: Socket, most: Int) throws(SystemCallError) -> IOResult {
        let (start, end) = (taken, taken + min(pieces[place].count - taken, most))
        let result = pieces[place].withUnsafeBytes { bytes in
            Result { () throws(SystemCallError) in
                try socket.send(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            }
        }
        let sent = try result.get()
        if case .processed(let count) = sent { drop(count) }
        return sent
    }

    private mutating func drop(_ count: Int) {
        taken += count
        left -= count
        if taken == pieces[place].count { (place, taken) = (place + 1, 0) }
        if left == 0 { self = SharedPieces() }
    }
}
