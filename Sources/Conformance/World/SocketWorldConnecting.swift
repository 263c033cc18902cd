// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// Connections that the runner makes: from where, and what comes of it.
extension SocketWorld {
    func connect(_ link: SocketLink, _ options: ConnectOptions) {
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

    func settleConnecting(_ link: SocketLink) {
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
}
