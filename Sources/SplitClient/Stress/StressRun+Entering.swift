// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// How the clients come to talk, one after the other.
extension StressRun {
    /// Connects the next client, or begins the talk.
    func enterNext(after client: Int) throws(SystemCallError) {
        let next = client + 1
        guard next < options.connections else { return try beginTalk() }
        phase = .entering(client: next, step: 0, since: MonotonicClock.now)
        let socket: Socket
        do throws(SystemCallError) {
            socket = try ServerConnection.connect(to: address)
        } catch {
            return fail(.cannotConnect(client: next, error))
        }
        ownConnection.append(connections.count)
        try add(socket, client: next, isCallback: false)
        if dialect.hasCallback { try listen(socket) }
        try request()
    }

    func add(_ socket: Socket, client: Int, isCallback: Bool) throws(SystemCallError) {
        let token = poller.add(socket.descriptor, .readable)
        own(token, .connection(connections.count))
        let writer = try CutWriter(
            socket, plan: options.plan ?? .whole, pace: options.pace, watch: watch,
            reading: reading)
        connections.append(
            StressConnection(
                socket, token, client: client, isCallback: isCallback, borders: dialect.borders,
                writer: writer))
    }

    /// Sends what the entering client says next; goes on to the next client where that is nothing.
    func request() throws(SystemCallError) {
        guard case .entering(let client, let step, _) = phase else { return }
        let port = listener?.localAddress.port ?? 0
        guard let request = dialect.request(step, of: client, port: port) else {
            // Who connects back may have said so before the connection is accepted.
            return listener == nil ? try enterNext(after: client) : ()
        }
        phase = .entering(client: client, step: step, since: MonotonicClock.now)
        let index = ownConnection[client]
        let writer = connections[index].writer
        writer.append(MessageToCut(bytes: request.bytes, contentLength: request.contentLength))
        if !request.isSilent { writer.release() }
        try pump(index)
        guard request.isSilent else { return }
        phase = .entering(client: client, step: step + 1, since: MonotonicClock.now)
        try self.request()
    }

    /// A message for a client, while one enters.
    func heardEntering(
        _ message: UnsafeRawBufferPointer, _ connection: StressConnection
    ) throws(SystemCallError) {
        hearNews(message, connection)
        guard case .entering(let client, let step, let since) = phase, connection.client == client,
            !connection.isCallback
        else { return }
        switch dialect.answer(message, to: step, of: client) {
        case .unrelated: break
        case .refused: fail(.refused(client: client, answer: Array(message)))
        case .granted:
            phase = .entering(client: client, step: step + 1, since: since)
            try request()
        }
    }

    private func hearNews(_ message: UnsafeRawBufferPointer, _ connection: StressConnection) {
        guard case .news(let event, let name) = dialect.read(message) else { return }
        talk.heard(event, of: name, in: message, at: connection.client, isParting: false)
    }

    // MARK: Connections that the server makes

    private func listen(_ socket: Socket) throws(SystemCallError) {
        let host = try socket.localAddress().host.everyAddress
        let listener = try Listener(on: SocketAddress(host, port: 0))
        let token = poller.add(listener.descriptor, .readable)
        own(token, .listener)
        (self.listener, listenerToken) = (listener, token)
    }

    func acceptCallback() throws(SystemCallError) {
        guard let listener, let token = listenerToken, case .entering(let client, _, _) = phase,
            case .accepted(let socket, _) = try listener.accept()
        else { return }
        try socket.setNoDelay(true)
        poller.remove(token)
        listener.close()
        (self.listener, listenerToken) = (nil, nil)
        try add(socket, client: client, isCallback: true)
        try goOnIfGranted()
    }

    /// The connection may have been accepted before or after the server has said so.
    private func goOnIfGranted() throws(SystemCallError) {
        guard case .entering(let client, let step, _) = phase,
            dialect.request(step, of: client, port: 0) == nil
        else { return }
        try enterNext(after: client)
    }
}
