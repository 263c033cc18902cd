// SPDX-License-Identifier: Apache-2.0

import Posix

/// Sends a stream of bytes on one connection, in segments of its own choosing.
protocol StreamWriter: AnyObject {
    /// Whether nothing waits for the kernel, or for a segment to be taken.
    var takesMore: Bool { get }
    /// How many bytes to read for it at once.
    var appetite: Int { get }
    /// Whether bytes wait for others that have not come.
    var isHolding: Bool { get }
    /// Whether all has left and is taken, as far as that can be seen; nothing is held.
    var isDone: Bool { get }
    var tally: CutTally { get }
    /// Planned cuts whose segments have not left.
    var waitingCuts: Int { get }
    /// How many bytes have left.
    var bytesSent: Int { get }

    func append(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError)
    /// The stream has ended: nothing is held any more.
    func end()
    /// Lets go what is held.
    func flush()
    /// Does what can be done now; says what to wait for.
    func advance() throws(SystemCallError) -> CutWriter.Need
    /// Where segments end, as decided since this was last asked.
    func takeRecord() -> CutRecord
}

/// Sends what comes as it comes.
final class StraightWriter: StreamWriter {
    private let socket: Socket
    private var outgoing = SendQueue()
    private var isDead = false
    private(set) var tally = CutTally()
    private(set) var bytesSent = 0

    init(_ socket: Socket) { self.socket = socket }

    var takesMore: Bool { outgoing.isEmpty }
    var appetite: Int { 1 << 18 }
    var isHolding: Bool { false }
    var waitingCuts: Int { 0 }
    /// Taken is what the peer's machine has: a reset would overtake the rest.
    var isDone: Bool {
        outgoing.isEmpty && (isDead || ((try? socket.unsentBytes()) ?? 0) == 0)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) {
        guard !isDead, !bytes.isEmpty else { return }
        guard outgoing.isEmpty else { return outgoing.append(bytes) }
        tally.segments += 1
        bytesSent += bytes.count
        switch try socket.send(bytes) {
        case .processed(let count):
            if count < bytes.count {
                outgoing.append(UnsafeRawBufferPointer(rebasing: bytes[count...]))
            }
        case .wouldBlock: outgoing.append(bytes)
        case .reset, .endOfStream: isDead = true
        }
    }

    func end() {}
    func flush() {}

    func advance() throws(SystemCallError) -> CutWriter.Need {
        guard !isDead else { return .reset }
        switch try outgoing.flush(to: socket) {
        case .drained: return .nothing
        case .pending: return .room
        case .reset:
            isDead = true
            return .reset
        }
    }

    func takeRecord() -> CutRecord { CutRecord() }
}
