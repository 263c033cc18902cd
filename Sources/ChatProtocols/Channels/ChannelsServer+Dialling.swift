// SPDX-License-Identifier: Apache-2.0

/// How this server comes to its links.
///
/// ```text
/// resting ──time──▶ looking up ──▶ connecting ──▶ asked ──FEDERATE-CONFIRM──▶ confirmed
///    ▲                  │              │            │                           │
///    └──────────────────┴──── failed, refused, 10 s ┴───── ended, reset ────────┘
/// ```
///
/// The pause doubles from 0.25 s to 30 s; a confirmation resets it. Addresses in numbers are not
/// looked up.
extension ChannelsServer {
    /// Begins to dial, now that the own address is known.
    mutating func begin(at host: [UInt8], _ port: UInt16, into effects: inout EffectBuffer) {
        federation.ownAddress = host
        if federation.ownName.isEmpty { federation.ownName = host }
        for index in federation.dials.indices {
            let entry = federation.dials[index].entry
            let isOwn = entry.host == host || entry.host == federation.ownName
            if isOwn, entry.port == port { federation.dials[index].isGivenUp = true }
            dial(index, into: &effects)
        }
    }

    private mutating func dial(_ index: Int, into effects: inout EffectBuffer) {
        guard !federation.dials[index].isGivenUp else { return }
        federation.dials[index].retryAt = nil
        let entry = federation.dials[index].entry
        if entry.isNumeric { return connect(index, into: &effects) }
        let ticket = LookUpTicket(number: federation.nextNumber())
        federation.lookUps[ticket] = .dial(index)
        effects.lookUp(ticket, .host(entry.host))
    }

    /// Takes what was found.
    mutating func find(
        _ ticket: LookUpTicket,
        _ addresses: [[UInt8]],
        into effects: inout EffectBuffer
    ) {
        switch federation.lookUps.removeValue(forKey: ticket) {
        case .dial(let index):
            found(addresses, for: index, into: &effects)
            identifyWaiting(into: &effects)
        case .link(let connection):
            identify(connection, addresses.first, into: &effects)
        case nil:
            break
        }
    }

    private mutating func found(
        _ addresses: [[UInt8]],
        for index: Int,
        into effects: inout EffectBuffer
    ) {
        let entry = federation.dials[index].entry
        federation.dials[index].addresses = addresses
        guard !addresses.isEmpty else {
            log(.entry(entry), "the host has no IPv4 address", into: &effects)
            return retry(index)
        }
        if let reason = conflict(of: addresses, for: index) {
            federation.dials[index].isGivenUp = true
            return log(.entry(entry), "given up: \(reason)", into: &effects)
        }
        connect(index, into: &effects)
    }

    /// Why an entry cannot be dialled, now that its addresses are known.
    private func conflict(of addresses: [[UInt8]], for index: Int) -> String? {
        if addresses.contains(federation.ownAddress) { return "it is at this server's own address" }
        let others = federation.dials[..<index].filter { !$0.isGivenUp }
        let other = others.first { dial in
            addresses.contains { dial.addresses?.contains($0) == true }
        }
        return other.map { "it is at the address of line \($0.entry.line) of the peers file" }
    }

    private mutating func connect(_ index: Int, into effects: inout EffectBuffer) {
        let dial = federation.dials[index]
        guard let addresses = dial.addresses, !addresses.isEmpty else { return }
        let address = addresses[dial.attempts % addresses.count]
        federation.dials[index].attempts += 1
        let ticket = ConnectTicket(number: federation.nextNumber())
        federation.connects[ticket] = index
        wait(for: .connect(ticket))
        effects.connect(ticket, to: ConnectTarget(host: .address(address), port: dial.entry.port))
    }

    /// Asks to federate over a connection that is there.
    mutating func ask(
        _ ticket: ConnectTicket,
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        federation.deadlines.remove(.connect(ticket))
        guard let index = federation.connects.removeValue(forKey: ticket) else {
            return effects.abort(connection)
        }
        sessions[connection] = ChannelsSession(state: .link)
        federation.links[connection] = ChannelsLink(dial: index, state: .asked)
        wait(for: .confirmation(connection))
        effects.payloads.append("FEDERATE-OUT\n")
        effects.reply(to: connection)
    }

    mutating func failConnecting(_ ticket: ConnectTicket) {
        federation.deadlines.remove(.connect(ticket))
        guard let index = federation.connects.removeValue(forKey: ticket) else { return }
        retry(index)
    }

    /// Dials again after a pause.
    mutating func retry(_ index: Int) {
        let dial = federation.dials[index]
        federation.dials[index].retryAt = federation.now + dial.pause
        federation.dials[index].pause = min(2 * dial.pause, ChannelsDial.longestPause)
    }
}

/// Time.
extension ChannelsServer {
    mutating func wait(for wait: ChannelsWait) {
        federation.deadlines.add(wait, until: federation.now + ChannelsWait.time)
    }

    mutating func meetDeadlines(into effects: inout EffectBuffer) {
        if let due = federation.wakesAt, due <= federation.now { federation.wakesAt = nil }
        while let wait = federation.deadlines.expire(at: federation.now) {
            switch wait {
            case .connect(let ticket):
                effects.cancelConnect(ticket)
                failConnecting(ticket)
            case .confirmation(let connection):
                log(.link(connection), "it does not confirm in time", into: &effects)
                effects.close(connection)
            case .identity(let connection):
                confirmIncoming(connection, into: &effects)
            case .join(let number):
                giveUpJoin(number, into: &effects)
            }
        }
        for index in federation.dials.indices {
            guard let at = federation.dials[index].retryAt, at <= federation.now else { continue }
            dial(index, into: &effects)
        }
        logLeftOut(into: &effects)
    }

    mutating func askForTime(into effects: inout EffectBuffer) {
        let retries = federation.dials.compactMap(\.retryAt)
        let others = [federation.deadlines.next(), federation.logs.due].compactMap { $0 }
        guard let next = (retries + others).min() else { return }
        if let wakesAt = federation.wakesAt, wakesAt <= next { return }
        federation.wakesAt = next
        effects.wake(at: next)
    }
}
