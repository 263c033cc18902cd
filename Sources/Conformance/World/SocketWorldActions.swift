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
        case .awaitTaken(let link):
            links[link.index].awaitedSince = now
            links[link.index].unread = nil
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
            link.isUnread = true
            if nextLook == nil { nextLook = now + Self.readingPause }
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
        // What stands between may keep to itself that we do not read.
        return end.sendQueue + ((try? link.socket?.unreadBytes()) ?? 0)
    }
}
