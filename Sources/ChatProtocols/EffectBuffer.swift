// SPDX-License-Identifier: Apache-2.0

/// The effects of one or more events, in order, in flat arrays that are reused.
///
/// A machine appends a payload to ``payloads``, then says what becomes of it with `reply` or
/// `deliver`; a payload for many targets is written once. Consecutive payloads for the same
/// targets become one effect, so a burst of talk costs each target one copy and not one a message;
/// what would become longer than the mark of fullness stays apart, so that the bound of a send queue
/// is looked at in between.
package struct EffectBuffer: Sendable {
    /// The bytes of all payloads.
    package var payloads: [UInt8] = []
    package private(set) var targets: [ConnectionID] = []
    /// The records that are to be written.
    package private(set) var writes: [StoreWrite] = []
    /// Long texts that many may be sent, beside the payloads.
    package private(set) var sharedPayloads: [SharedText] = []
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
        if !sharedPayloads.isEmpty { sharedPayloads = [] }
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

    package mutating func tellWhenSent(_ connection: ConnectionID) {
        effects.append(.tellWhenSent(connection))
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

    package mutating func widen(_ connection: ConnectionID) {
        effects.append(.widen(connection))
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

    /// Sends a long text to the client that asked for it, by reference, behind all effects so far.
    package mutating func reply(sharing text: SharedText, to connection: ConnectionID) {
        effects.append(.replyShared(to: connection, payload: sharedPayloads.count))
        sharedPayloads.append(text)
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

    /// Sends what was sent last to one client more, if it was sent as others had caused it and was
    /// exactly this; `false` where it was not, and nothing has been done.
    package mutating func deliverAgain(_ payload: [UInt8], to connection: ConnectionID) -> Bool {
        guard case .deliver(let earlierTargets, let earlier) = effects.last,
            earlierTargets.upperBound == targets.count, earlier.count == payload.count,
            earlier.upperBound == claimed, claimed == payloads.count,
            payloads.span.extracting(earlier).isEqual(to: payload)
        else { return false }
        targets.append(connection)
        effects[effects.count - 1] = .deliver(
            targets: earlierTargets.lowerBound..<targets.count, payload: earlier)
        return true
    }

    private mutating func deliver(toTargetsFrom start: Int) {
        guard claimed < payloads.count, start < targets.count else {
            payloads.removeSubrange(claimed...)
            targets.removeSubrange(start...)
            return
        }
        let payload = claim()
        if case .deliver(let earlierTargets, let earlier) = effects.last,
            earlier.count + payload.count <= Limits.effectBytes,
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
