// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Asks the kernel about sockets of other processes on this machine, without touching them.
///
/// Netlink `NETLINK_SOCK_DIAG` (sock_diag(7)): one question about one socket is one send and one
/// receive on a kept netlink socket, a few microseconds. Needs no privilege.
package final class SocketDiagnosis {
    private let netlink: Descriptor

    /// Fails where the kernel lacks socket diagnosis, or a sandbox forbids netlink.
    package init() throws(SystemCallError) {
        let number = cshim_diag_open()
        guard number >= 0 else { throw SystemCallError(call: "socket", code: -number) }
        self.netlink = Descriptor(owning: number)
    }

    /// Whether a connection to `address` would find a listener, one bound to all addresses or to
    /// both families included.
    package func listener(at address: SocketAddress) -> ListenerFinding {
        let anyone = SocketAddress(address.host.anyOfFamily, port: 0)
        switch find(local: address, remote: anyone) {
        case .success(let found):
            return TCPState(rawValue: found.state) == .listen ? .listening : .notListening
        case .failure(let error):
            return error.code == ENOENT ? .notListening : .unavailable(error)
        }
    }

    /// Whether who listens there is this process or a descendant of it.
    ///
    /// `true` also where the kernel does not tell whose the listener is. The look is quick where it
    /// is `child`, one that has not been waited for.
    package func isListenerOurs(at address: SocketAddress, likely child: Int32? = nil) -> Bool {
        let anyone = SocketAddress(address.host.anyOfFamily, port: 0)
        guard case .success(let found) = find(local: address, remote: anyone), found.inode != 0
        else { return true }
        return SocketOwnership.isHeldByDescendant(inode: found.inode, likely: child)
    }

    /// The peer's end of a connection of ours.
    package func peerEnd(of socket: Socket) -> PeerFinding {
        do {
            return peerEnd(
                ours: try socket.localAddress(),
                theirs: try socket.remoteAddress(),
                of: socket
            )
        } catch {
            return error.code == ENOTCONN ? .gone : .unavailable(error)
        }
    }

    /// The peer's end of the connection between these two ends; for callers who keep them.
    ///
    /// In one answer the kernel reads the receive queue first and counts what has come under the
    /// socket's lock afterwards: bytes that wait for that lock come in between, and look as if
    /// they had been read. So an empty queue is believed when a second answer says so, too, and
    /// what had come by the first one counts; or at once, if the peer's kernel had acknowledged
    /// everything before the question, which `socket`, our end, can tell, or an answer before this
    /// one has said it (`hasAllCome`).
    package func peerEnd(
        ours: SocketAddress,
        theirs: SocketAddress,
        of socket: Socket? = nil,
        hasAllCome: Bool = false
    ) -> PeerFinding {
        let isAllThere = hasAllCome || (try? socket?.unsentBytes()) == 0
        let first = look(ours: ours, theirs: theirs)
        guard !isAllThere, case .open(let before) = first, before.receiveQueue == 0 else {
            return first
        }
        let second = look(ours: ours, theirs: theirs)
        guard case .open(let after) = second else { return second }
        return .open(after.knowing(bytesReceived: before.bytesReceived))
    }

    private func look(ours: SocketAddress, theirs: SocketAddress) -> PeerFinding {
        switch find(local: theirs, remote: ours) {
        case .success(let found): return peerFinding(found, ours.port)
        case .failure(let error): return error.code == ENOENT ? .gone : .unavailable(error)
        }
    }

    /// Where there is no such connection, the kernel falls back to a listener on its port; of one
    /// that is only remembered (TIME-WAIT) there is no further information.
    private func peerFinding(_ found: cshim_tcp_socket, _ ourPort: UInt16) -> PeerFinding {
        guard let state = TCPState(rawValue: found.state), state != .listen, state != .timeWait,
            found.remote_port == ourPort
        else { return .gone }
        if found.has_info == 0 {
            switch state {
            case .finWait2, .closed: return .gone
            case .synReceived, .newSynReceived: break
            case .established, .synSent, .finWait1, .timeWait, .closeWait, .lastAck, .listen,
                .closing:
                return .unavailable(SystemCallError(call: "sock_diag", code: ENODATA))
            }
        }
        return .open(
            PeerEnd(
                state: state,
                receiveQueue: Int(found.receive_queue),
                sendQueue: Int(found.send_queue),
                bytesReceived: found.bytes_received,
                isHeld: found.inode != 0
            )
        )
    }

    private func find(
        local: SocketAddress,
        remote: SocketAddress
    ) -> Result<cshim_tcp_socket, SystemCallError> {
        var (here, there) = (cshim_end(local), cshim_end(remote))
        var found = cshim_tcp_socket()
        let code = cshim_diag_find(
            netlink.number,
            local.host.family,
            &here,
            &there,
            &found
        )
        return code == 0
            ? .success(found) : .failure(SystemCallError(call: "sock_diag", code: -code))
    }
}

extension cshim_end {
    fileprivate init(_ address: SocketAddress) {
        self.init()
        port = address.port
        scope = address.host.scope
        let bytes = address.host.networkBytes6
        withUnsafeMutableBytes(of: &self.address) { target in
            withUnsafeBytes(of: bytes) { target.copyMemory(from: $0) }
        }
    }
}
