// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// The actions of the interpreter, one system call or two each.
extension SocketWorld {
    func perform(_ action: WorldAction) {
        switch action {
        case .connect(let link, let options): connect(links[link.index], options)
        case .listen(let listener, let kind): listen(listener, kind)
        case .accept(let link, let listener): accept(links[link.index], at: listener)
        case .queryArrivals(let listener): tellArrivals(listener)
        case .write(let link, let bytes): write(links[link.index], bytes)
        case .awaitTaken(let link): links[link.index].awaitedSince = now
        case .closeWrite(let link): closeWrite(links[link.index])
        case .close(let link): close(links[link.index])
        case .reset(let link): reset(links[link.index])
        case .stopReading(let link): setReading(links[link.index], false)
        case .resumeReading(let link): setReading(links[link.index], true)
        case .restartServer(let server): restartServer(server)
        case .countThreads(let id): tell(.threads(server(id)?.threadCount))
        case .signalServer(let signal, let id): server(id)?.signal(Signal(signal))
        case .searchFiles(let texts, let id):
            server(id)?.noteFiles()
            tell(.searched(ServerFiles.search(server(id), for: texts)))
        case .queryBacklog(let link): tell(.backlog(link, backlog(links[link.index])))
        }
    }

    private func connect(_ link: SocketLink, _ options: ConnectOptions) {
        do throws(SystemCallError) {
            let source = try source(options.from, of: link)
            // With small segments the server's kernel keeps its send buffer small, too.
            let socket = try Socket.connecting(
                to: address(of: link), from: source,
                receiveBuffer: options.receiveBuffer.map(Int32.init(clamping:)),
                segmentSize: options.receiveBuffer == nil ? nil : 536)
            try socket.setNoDelay(true)
            let token = setting.loop.watch(socket.descriptor, .writable) { [weak self, weak link] in
                if let self, let link { self.ready(link, $0) }
            }
            link.phase = .connecting(socket, token)
            settleConnecting(link)
        } catch {
            refuse(link, error)
        }
    }

    /// Where to connect from.
    ///
    /// A server that connects back has its clients at its own address where nothing else is said,
    /// which the kernel would not choose where that is 127.0.0.2, say.
    ///
    /// A loopback address cannot be had towards a server that is at none.
    private func source(
        _ host: [UInt8]?, of link: SocketLink
    ) throws(SystemCallError) -> SocketAddress? {
        let server = address(of: link).host
        let connectsBack = !plan.listeners.isEmpty && server.isLoopback4
        guard let given = try Self.address(host) else {
            return connectsBack ? SocketAddress(server, port: 0) : nil
        }
        return given.isLoopback4 && !server.isLoopback4 ? nil : SocketAddress(given, port: 0)
    }

    /// An address of a plan; one that is none fails as one that this machine lacks.
    static func address(_ host: [UInt8]?) throws(SystemCallError) -> IPAddress? {
        guard let host else { return nil }
        guard let address = IPAddress(parsing: String(decoding: host, as: UTF8.self)) else {
            throw SystemCallError(call: "bind", code: 99)
        }
        return address
    }

    private func settleConnecting(_ link: SocketLink) {
        guard case .connecting(let socket, let token) = link.phase else { return }
        switch socket.connectionResult() {
        case .pending: break
        case .failed(let error): refuse(link, error)
        case .connected:
            link.ours = try? socket.localAddress()
            link.theirs = address(of: link)
            link.phase = .open(socket, token)
            watch(link)
            tellOwnAddress(link)
            tell(.connected(link.id))
        }
    }

    /// Texts may name the address from which a peer speaks.
    func tellOwnAddress(_ link: SocketLink) {
        let planned = plan.links[link.id.index]
        guard planned.isAddressNamed, let ours = link.ours else { return }
        tell(.learned(planned.hostCapture, Array(ours.host.description.utf8)))
    }

    /// What `connect` says is the server's doing; everything else is ours.
    ///
    /// A reset comes after the handshake: who was refused hears that he was.
    private func refuse(_ link: SocketLink, _ error: SystemCallError) {
        discard(link)
        guard error.call == "connect" else {
            failure = error
            return
        }
        guard error.isReset else {
            link.hasEnded = true
            return tell(.refused(link.id, reason: error.reason))
        }
        tell(.connected(link.id))
        end(link, .reset)
    }

    func ready(_ link: SocketLink, _ readiness: Readiness) {
        switch link.phase {
        case .idle, .closed: break
        case .connecting: settleConnecting(link)
        case .open(let socket, _):
            if readiness.isWritable, !link.outgoing.isEmpty { flush(link) }
            if link.isReading, !link.hasEnded {
                if readiness.isReadable { receive(link, from: socket) }
            } else if readiness.isHangUp {
                // Both directions over means a reset, unless we have ended ours ourselves.
                end(link, link.hasShutDown ? .fin : .reset)
            }
        }
    }

    private func write(_ link: SocketLink, _ bytes: [UInt8]) {
        link.owesWritten = true
        if link.isOpen {
            link.outgoing.append(bytes)
            link.bytesSent += UInt64(bytes.count)
        }
        flush(link)
    }

    func flush(_ link: SocketLink) {
        guard case .open(let socket, _) = link.phase else { return written(link) }
        switch (try? link.outgoing.flush(to: socket)) ?? .reset {
        case .pending: break
        case .drained:
            if link.endsAfterWriting { shutDown(link, socket) }
            written(link)
        case .reset:
            link.outgoing.removeAll()
            written(link)
            end(link, .reset)
        }
        watch(link)
    }

    private func written(_ link: SocketLink) {
        guard link.owesWritten else { return }
        link.owesWritten = false
        tell(.written(link.id))
    }

    private func closeWrite(_ link: SocketLink) {
        guard case .open(let socket, _) = link.phase else { return }
        if link.outgoing.isEmpty { shutDown(link, socket) } else { link.endsAfterWriting = true }
    }

    func shutDown(_ link: SocketLink, _ socket: Socket) {
        guard !link.hasShutDown else { return }
        link.hasShutDown = true
        link.bytesSent += 1
        try? socket.shutdownWrite()
    }

    /// As a client's end closes a connection: an orderly end, also where something came unread,
    /// which would make the kernel send a reset.
    func close(_ link: SocketLink) {
        guard let socket = link.socket else { return }
        if !link.hasShutDown { link.bytesSent += 1 }
        readAway(socket, atMost: 1 << 20)
        discard(link)
    }

    func reset(_ link: SocketLink) {
        let socket = link.socket
        discard(link) { socket?.abort() }
    }

    /// Closes our end and forgets all but the addresses.
    func discard(_ link: SocketLink, first: () -> Void = {}) {
        switch link.phase {
        case .idle, .closed: break
        case .connecting(let socket, let token), .open(let socket, let token):
            setting.loop.forget(token)
            first()
            socket.close()
        }
        link.phase = .closed
        link.outgoing.removeAll()
        written(link)
    }

    private func setReading(_ link: SocketLink, _ isReading: Bool) {
        link.isReading = isReading
        watch(link)
    }

    /// Tells the loop what this connection waits for.
    func watch(_ link: SocketLink) {
        guard case .open(_, let token) = link.phase else { return }
        setting.loop.update(token, link.interest)
    }

    private func backlog(_ link: SocketLink) -> Int? {
        guard let ours = link.ours, let theirs = link.theirs,
            case .open(let end) = setting.watch.serverEnd(ours: ours, theirs: theirs)
        else { return nil }
        return end.sendQueue
    }
}
