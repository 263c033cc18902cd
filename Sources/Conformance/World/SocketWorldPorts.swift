// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// Ports of the runner's own, and the connections that the server opens to them.
extension SocketWorld {
    /// Listens at all addresses of the machine unless the plan names one, as a client does that
    /// cannot know which of its addresses the server sees.
    ///
    /// One that the servers' files name is there already.
    func listen(_ listener: ListenerID, _ kind: PortKind) {
        if let port = ports[listener] { return tell(.listening(listener, port: port.number)) }
        do throws(SystemCallError) {
            let planned = plan.listeners[listener.index]
            let host = try Self.address(planned.from) ?? address.host.everyAddress
            let port = try SocketPort(at: host, kind, of: setting.ports)
            ports[listener] = port
            tell(.listening(listener, port: port.number))
        } catch {
            failure = error
        }
    }

    func accept(_ link: SocketLink, at listener: ListenerID) {
        guard let port = ports[listener] else { return }
        link.isAccepted = true
        port.waiting.append(link)
        if port.token == nil, port.descriptor >= 0 {
            port.token = setting.loop.watch(port.descriptor, .readable) {
                [weak self, weak port] _ in
                if let self, let port { self.takeConnections(port) }
            }
        }
        takeConnections(port)
    }

    func tellArrivals(_ listener: ListenerID) {
        tell(.arrivals(listener, ports[listener]?.hasWaiting ?? false))
    }

    /// Gives those who have come to those who wait, and looks no more when nobody waits.
    private func takeConnections(_ port: SocketPort) {
        do throws(SystemCallError) {
            while !port.waiting.isEmpty, let (socket, theirs) = try port.accept() {
                open(port.waiting.removeFirst(), socket, from: theirs)
            }
        } catch {
            failure = error
        }
        guard port.waiting.isEmpty, let token = port.token else { return }
        setting.loop.forget(token)
        port.token = nil
    }

    private func open(_ link: SocketLink, _ socket: Socket, from theirs: SocketAddress) {
        try? socket.setNoDelay(true)
        let token = setting.loop.watch(socket.descriptor, .readable) { [weak self, weak link] in
            if let self, let link { self.ready(link, $0) }
        }
        link.ours = try? socket.localAddress()
        link.theirs = theirs
        link.phase = .open(socket, token)
        watch(link)
        tellOwnAddress(link)
        tell(.connected(link.id))
    }

    /// Who waits unaccepted is reset.
    func closePorts() {
        for port in ports.values {
            if let token = port.token { setting.loop.forget(token) }
            port.token = nil
            port.close()
        }
        ports.removeAll()
    }
}
