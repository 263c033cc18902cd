// SPDX-License-Identifier: Apache-2.0

import Posix

/// The connection that the server makes: where it is waited for, its beginning, its end.
extension ChatRun {
    func listen() throws(SystemCallError) {
        let host = try main.socket.localAddress().host.everyAddress
        let listener = try Listener(on: SocketAddress(host, port: 0))
        self.listener = (listener, poller.add(listener.descriptor, .readable))
        try perform(machine.listening(at: listener.localAddress.port))
    }

    func accept(_ listener: Listener) throws(SystemCallError) {
        guard case .accepted(let socket, _) = try listener.accept() else { return }
        // The one who was told the port has come; nobody else is expected.
        if let token = self.listener?.token { poller.remove(token) }
        self.listener = nil
        try socket.setNoDelay(true)
        let writer = try CutWriter(socket, plan: options.plan, pace: options.pace, watch: watch)
        back = ChatConnection(
            socket, poller.add(socket.descriptor, .readable), writer, machine.borders)
    }

    /// A connection that the server made, and ended.
    func drop(_ link: ChatConnection) {
        poller.remove(link.token)
        link.socket.close()
        back = nil
    }
}
