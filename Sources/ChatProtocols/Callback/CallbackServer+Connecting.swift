// SPDX-License-Identifier: Apache-2.0

/// How connections b come and go.
extension CallbackServer {
    /// Begins to make a client's connection b.
    mutating func connect(
        to target: ConnectTarget,
        for connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let ticket = ConnectTicket(number: nextNumber())
        connecting[ticket] = connection
        effects.connect(ticket, to: target)
        hold(connection, .connecting(ticket), into: &effects)
        wait(for: .connecting(ticket))
    }

    /// Takes a new connection b in the place of an earlier one.
    mutating func finishConnecting(
        _ ticket: ConnectTicket,
        _ line: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard let owner = connecting.removeValue(forKey: ticket) else {
            effects.abort(line)
            return
        }
        deadlines.remove(.connecting(ticket))
        if let earlier = sessions[owner]?.line { breakLine(earlier, into: &effects) }
        lines[line] = CallbackLine(owner: owner)
        sessions.update(owner) { $0.line = line }
        finish(owner, CallbackText.connected, into: &effects)
    }

    mutating func failConnecting(_ ticket: ConnectTicket, into effects: inout EffectBuffer) {
        guard let owner = connecting.removeValue(forKey: ticket) else { return }
        deadlines.remove(.connecting(ticket))
        finish(owner, CallbackText.notConnected, into: &effects)
    }

    /// Closes a connection b, and fails what is due or waits there; does nothing for any other.
    mutating func breakLine(_ line: ConnectionID, into effects: inout EffectBuffer) {
        guard let broken = lines[line] else { return }
        lines[line] = nil
        deadlines.remove(.receipt(line))
        sessions.update(broken.owner) { if $0.line == line { $0.line = nil } }
        effects.close(line)
        for delivery in [broken.due].compactMap({ $0 }) + broken.queue {
            settle(delivery, isConfirmed: false, into: &effects)
        }
    }
}
