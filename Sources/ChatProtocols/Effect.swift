// SPDX-License-Identifier: Apache-2.0

/// What a machine asks of the world; ranges point into the ``EffectBuffer`` that holds it.
package enum Effect: Equatable, Sendable {
    /// Send the payload to the client whose own request caused it.
    ///
    /// It is queued whole, however long the queue is.
    case reply(to: ConnectionID, payload: Range<Int>)

    /// Send the text at this place of ``EffectBuffer/sharedPayloads`` to the client that asked for it.
    ///
    /// It is queued by reference: many who wait for the same text hold it once.
    case replyShared(to: ConnectionID, payload: Int)

    /// Send the payload to each target, who did not ask for it.
    ///
    /// A target whose send queue would pass its bound is dropped instead. The payload may hold
    /// several messages, one after the other.
    case deliver(targets: Range<Int>, payload: Range<Int>)

    /// Close the connection when all that was sent to it before has left.
    case close(ConnectionID)

    /// Close the connection at once, whatever is still queued.
    case abort(ConnectionID)

    /// Write the record at this place of ``EffectBuffer/writes``, and tell what became of it.
    case store(Int)

    /// Do the work on a password at this place of ``EffectBuffer/passwordWork``, and tell what became
    /// of it.
    case password(Int)

    /// Tell the time when it is this late (``ServerTime/elapsed``); takes the place of an earlier
    /// wish, whether it has been granted or not.
    case wake(at: Int64)

    /// Connect, and tell by the ticket what became of it; no time is set for it but by
    /// `cancelConnect`.
    case connect(ConnectTicket, ConnectTarget)

    /// Give up connecting; nothing more is told of it.
    case cancelConnect(ConnectTicket)

    /// Find IPv4 addresses, and tell them by the ticket.
    case lookUp(LookUpTicket, LookUp)

    /// Write a line to the log: something that is not as it should be, with the address of the
    /// connection that it is about before it, if there is one.
    case log(Range<Int>, about: ConnectionID?)

    /// Tell when all that was sent to the connection before has left.
    case tellWhenSent(ConnectionID)

    /// Hand on no more bytes of the connection until `resume`.
    ///
    /// The end of its input is told at once all the same: what stood before it is then lost.
    case pause(ConnectionID)

    /// Hand on no more bytes of the connection, nor their end, until `resume`: all of it counts.
    case hold(ConnectionID)

    /// Hand on bytes again, those first that were left.
    case resume(ConnectionID)

    /// Read more of the connection at once: it speaks for many.
    case widen(ConnectionID)
}

/// Where to connect to, as far as a machine knows addresses.
package struct ConnectTarget: Hashable, Sendable {
    package enum Host: Hashable, Sendable {
        /// The host that this client is connected from.
        case ofClient(ConnectionID)
        /// The host that the server runs on.
        case own
        /// An IPv4 address in dotted form, connected to from the address that is listened on.
        case address([UInt8])
    }

    package let host: Host
    package let port: UInt16
}

/// What to find the addresses of.
package enum LookUp: Hashable, Sendable {
    /// The client's end of a connection.
    case client(ConnectionID)
    /// A host by its name.
    case host([UInt8])
}

/// A machine's own number for a look-up, by which it is told what was found.
package struct LookUpTicket: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// A machine's own number for an attempt to connect, by which it is told what became of it.
package struct ConnectTicket: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}
