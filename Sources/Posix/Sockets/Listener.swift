// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// What became of one attempt to accept a connection.
package enum AcceptResult {
    case accepted(Socket, from: SocketAddress)
    /// Nobody is waiting.
    case wouldBlock
    /// We, or the machine, have no descriptor or memory left: the connection still waits, so a
    /// level-triggered poller would report the listener again and again. Let it rest.
    ///
    /// `isOwnLimit`: it is this process that may have no more open files (`DescriptorLimits`).
    case outOfDescriptors(isOwnLimit: Bool)
    /// The connection was gone before we took it; there may be others.
    case aborted
}

/// A listening TCP socket, non-blocking and close-on-exec, that closes itself with its last owner.
package final class Listener {
    /// The number, for a `Poller`; -1 once closed.
    package private(set) var descriptor: Int32
    /// Where it listens, with the port that the kernel chose if 0 was asked for.
    package let localAddress: SocketAddress

    /// Listens on `address`; port 0 takes a free one.
    ///
    /// The corresponding C functions are `socket`, `setsockopt(SO_REUSEADDR)`, `bind`, `listen`.
    package init(
        on address: SocketAddress,
        backlog: Int32 = SOMAXCONN
    ) throws(SystemCallError) {
        let owner = Descriptor(owning: try checked("socket") { cshim_socket(address.host.family) })
        try setOption(owner.number, SO_REUSEADDR, to: 1)
        try bindSocket(owner.number, to: address)
        try checked("listen") { listen(owner.number, backlog) }
        self.localAddress = try boundAddress(of: owner.number)
        self.descriptor = owner.release()
    }

    deinit { close() }

    /// Stops listening and resets who waits unaccepted; closing twice is as once.
    package func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Whether somebody waits to be accepted, at this moment.
    package func hasWaiting() throws(SystemCallError) -> Bool {
        try waitForOne(descriptor, .readable, until: MonotonicClock.now)
    }

    /// Takes one waiting connection.
    ///
    /// The corresponding C function is `accept4`.
    package func accept() throws(SystemCallError) -> AcceptResult {
        do {
            let (number, address) = try SocketAddress.reading("accept4") {
                cshim_accept(descriptor, $0, $1)
            }
            return .accepted(Socket(owning: number), from: address)
        } catch {
            return try Listener.outcome(of: error)
        }
    }

    /// Network errors of the waiting connection come out of accept, too (accept(2), "Error
    /// handling").
    private static func outcome(
        of error: SystemCallError
    ) throws(SystemCallError) -> AcceptResult {
        switch error.code {
        case EAGAIN: return .wouldBlock
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            return .outOfDescriptors(isOwnLimit: error.code == EMFILE)
        case ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
            EOPNOTSUPP, ENETUNREACH, EPERM:
            return .aborted
        default: throw error
        }
    }
}
