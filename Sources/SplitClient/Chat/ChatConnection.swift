// SPDX-License-Identifier: Apache-2.0

import Posix

/// One connection of a chat: what leaves is cut, what comes in is put together to messages.
final class ChatConnection {
    let socket: Socket
    let token: Poller.Token
    let writer: CutWriter
    private var scanner: MessageScanner
    private var pending: [UInt8] = []
    /// How much of what is pending was handed out.
    private var taken = 0
    private var waitsForRoom = false

    init(_ socket: Socket, _ token: Poller.Token, _ writer: CutWriter, _ borders: MessageBorders) {
        self.socket = socket
        self.token = token
        self.writer = writer
        scanner = MessageScanner(borders)
    }

    /// Bytes of the message that has begun.
    var unfinished: Int { pending.count - taken }

    func append(_ bytes: Slice<UnsafeMutableRawBufferPointer>) { pending += bytes }

    /// The next message, if it is whole.
    func nextMessage() -> [UInt8]? {
        let found = pending.withUnsafeBytes { scanner.next(in: $0, from: taken) }
        guard let found else {
            pending.removeFirst(taken)
            taken = 0
            return nil
        }
        taken = found.end
        return Array(pending[found.content])
    }

    /// Has the poller tell when the kernel takes more again, or no longer.
    func setWaitsForRoom(_ waits: Bool, in poller: inout Poller) {
        guard waitsForRoom != waits else { return }
        waitsForRoom = waits
        poller.update(token, waits ? [.readable, .writable] : .readable)
    }
}
