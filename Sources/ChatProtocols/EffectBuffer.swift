// SPDX-License-Identifier: Apache-2.0

/// What a machine asks of the world; ranges point into the ``EffectBuffer`` that holds it.
package enum Effect: Equatable, Sendable {
    /// Send the payload to the client whose own request caused it.
    ///
    /// It is queued whole, however long the queue is.
    case reply(to: ConnectionID, payload: Range<Int>)

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

    /// Write a line to the log: something that is not as it should be, with the connection that it
    /// is about.
    case log(Range<Int>, about: ConnectionID?)

    /// Hand on no more bytes of the connection until `resume`.
    ///
    /// The end of its input is told at once all the same: what stood before it is then lost.
    case pause(ConnectionID)

    /// Hand on no more bytes of the connection, nor their end, until `resume`: all of it counts.
    case hold(ConnectionID)

    /// Hand on bytes again, those first that were left.
    case resume(ConnectionID)
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

/// The effects of one or more events, in order, in three flat arrays that are reused.
///
/// A machine appends a payload to ``payloads``, then says what becomes of it with `reply` or
/// `deliver`; a payload for many targets is written once. Consecutive payloads for the same
/// targets become one effect, so a burst of talk costs each target one copy and not one a message.
package struct EffectBuffer: Sendable {
    /// The bytes of all payloads.
    package var payloads: [UInt8] = []
    package private(set) var targets: [ConnectionID] = []
    /// The records that are to be written.
    package private(set) var writes: [StoreWrite] = []
    /// The work on passwords that is to be done.
    package private(set) var passwordWork: [PasswordWork] = []
    package private(set) var effects: [Effect] = []

    /// Where the payload begins that no effect has claimed yet.
    private var claimed = 0

    package init() {}

    /// Whether the effects should be performed before further input is taken.
    package var isFull: Bool { payloads.count >= Limits.effectBytes }

    package var isEmpty: Bool { effects.isEmpty }

    /// Forgets the effects, which have been performed, and keeps their payloads for who refers to
    /// them.
    package mutating func removeEffects() {
        targets.removeAll(keepingCapacity: true)
        effects.removeAll(keepingCapacity: true)
        if !writes.isEmpty { writes.removeAll(keepingCapacity: true) }
        if !passwordWork.isEmpty { passwordWork = [] }
    }

    /// Forgets everything and keeps the memory.
    ///
    /// Memory beyond eight times the mark of fullness is given back: one huge answer should not
    /// stay with the server for ever.
    package mutating func removeAll() {
        payloads.removeAll(keepingCapacity: payloads.capacity <= 8 * Limits.effectBytes)
        removeEffects()
        claimed = 0
    }

    package mutating func close(_ connection: ConnectionID) {
        effects.append(.close(connection))
    }

    package mutating func abort(_ connection: ConnectionID) {
        effects.append(.abort(connection))
    }

    /// Asks for one record to be written.
    package mutating func store(_ write: StoreWrite) {
        effects.append(.store(writes.count))
        writes.append(write)
    }

    /// Asks for work on a password.
    package mutating func work(on password: PasswordWork) {
        effects.append(.password(passwordWork.count))
        passwordWork.append(password)
    }

    /// Asks to be told the time when it is `elapsed`.
    package mutating func wake(at elapsed: Int64) {
        effects.append(.wake(at: elapsed))
    }

    /// Asks for a connection.
    package mutating func connect(_ ticket: ConnectTicket, to target: ConnectTarget) {
        effects.append(.connect(ticket, target))
    }

    /// Asks for addresses.
    package mutating func lookUp(_ ticket: LookUpTicket, _ lookUp: LookUp) {
        effects.append(.lookUp(ticket, lookUp))
    }

    /// Writes the payload written since the last effect to the log; it is escaped there.
    package mutating func log(about connection: ConnectionID? = nil) {
        guard claimed < payloads.count else { return }
        let payload = claim()
        effects.append(.log(payload, about: connection))
    }

    package mutating func cancelConnect(_ ticket: ConnectTicket) {
        effects.append(.cancelConnect(ticket))
    }

    package mutating func pause(_ connection: ConnectionID) {
        effects.append(.pause(connection))
    }

    package mutating func hold(_ connection: ConnectionID) {
        effects.append(.hold(connection))
    }

    package mutating func resume(_ connection: ConnectionID) {
        effects.append(.resume(connection))
    }

    /// Sends the payload written since the last effect to the client that asked for it.
    package mutating func reply(to connection: ConnectionID) {
        guard claimed < payloads.count else { return }
        let payload = claim()
        if case .reply(to: connection, payload: let earlier) = effects.last {
            effects[effects.count - 1] = .reply(
                to: connection,
                payload: earlier.lowerBound..<payload.upperBound
            )
        } else {
            effects.append(.reply(to: connection, payload: payload))
        }
    }

    /// Sends the payload written since the last effect to one client, on another's account.
    package mutating func deliver(to connection: ConnectionID) {
        let start = targets.count
        targets.append(connection)
        deliver(toTargetsFrom: start)
    }

    /// Sends the payload written since the last effect to everyone in the list but `sender`.
    package mutating func deliver(to members: MemberList, except sender: ConnectionID? = nil) {
        let start = targets.count
        if let sender, let place = members.place(of: sender) {
            targets.append(contentsOf: members.connections[..<place])
            targets.append(contentsOf: members.connections[(place + 1)...])
        } else {
            targets.append(contentsOf: members.connections)
        }
        deliver(toTargetsFrom: start)
    }

    private mutating func deliver(toTargetsFrom start: Int) {
        guard claimed < payloads.count, start < targets.count else {
            payloads.removeSubrange(claimed...)
            targets.removeSubrange(start...)
            return
        }
        let payload = claim()
        if case .deliver(let earlierTargets, let earlier) = effects.last,
            sameTargets(earlierTargets, start..<targets.count)
        {
            targets.removeSubrange(start...)
            effects[effects.count - 1] = .deliver(
                targets: earlierTargets,
                payload: earlier.lowerBound..<payload.upperBound
            )
        } else {
            effects.append(.deliver(targets: start..<targets.count, payload: payload))
        }
    }

    private mutating func claim() -> Range<Int> {
        defer { claimed = payloads.count }
        return claimed..<payloads.count
    }

    private func sameTargets(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        return targets.withUnsafeBufferPointer { all in
            zip(one, other).allSatisfy { all[$0] == all[$1] }
        }
    }
}
