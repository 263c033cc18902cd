// SPDX-License-Identifier: Apache-2.0

import Posix

/// One connection of a stress run.
final class StressConnection {
    let socket: Socket
    let token: Poller.Token
    /// Whose it is.
    let client: Int
    /// Whether the server has made it.
    let isCallback: Bool
    let writer: CutWriter
    var scanner: MessageScanner
    /// The beginning of a message whose end has not come.
    var rest = ReceiveBuffer()
    /// What the kernel has not taken of what goes out uncut.
    var outgoing = SendQueue()
    /// Whether the poller looks for room.
    var waitsForRoom = false
    /// Whether the writer is on the run's list of those to be looked at.
    var isActive = false
    var hasAnsweredProbe = false
    /// Whether nothing more can come on it.
    var hasEnded = false

    init(
        _ socket: Socket, _ token: Poller.Token, client: Int, isCallback: Bool,
        borders: MessageBorders, writer: CutWriter
    ) {
        self.socket = socket
        self.token = token
        self.client = client
        self.isCallback = isCallback
        self.writer = writer
        scanner = MessageScanner(borders)
    }
}
