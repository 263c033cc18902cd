// SPDX-License-Identifier: Apache-2.0

/// The work on passwords that is not done yet.
struct ChannelsPasswords: Sendable {
    /// What it is for.
    struct Use: Sendable {
        let connection: ConnectionID
        let name: [UInt8]
        let kind: ChannelsReply.Kind
    }

    private var uses: [PasswordTicket: Use] = [:]
    private var lastTicket: UInt64 = 0

    mutating func add(_ use: Use) -> PasswordTicket {
        lastTicket += 1
        let ticket = PasswordTicket(number: lastTicket)
        uses[ticket] = use
        return ticket
    }

    mutating func take(_ ticket: PasswordTicket) -> Use? { uses.removeValue(forKey: ticket) }
}

/// REGISTER and LOGIN.
extension ChannelsServer {
    mutating func register(
        _ name: [UInt8],
        _ password: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard ChannelsNames.isUser(name), accounts.reserve(name) else {
            return answer(.register, false, to: connection, into: &effects)
        }
        let use = ChannelsPasswords.Use(connection: connection, name: name, kind: .register)
        work(on: password, .hash, for: use, into: &effects)
    }

    mutating func logIn(
        _ name: [UInt8],
        _ password: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard client(connection) == nil else {
            return answer(.login, false, to: connection, into: &effects)
        }
        let hash = accounts.find(name).map { accounts[$0].hash }
        let use = ChannelsPasswords.Use(connection: connection, name: name, kind: .login)
        work(on: password, .verify(hash: hash), for: use, into: &effects)
    }

    private mutating func work(
        on password: [UInt8],
        _ task: PasswordWork.Task,
        for use: ChannelsPasswords.Use,
        into effects: inout EffectBuffer
    ) {
        let ticket = passwords.add(use)
        sessions.update(use.connection) { $0.task = .password(ticket) }
        effects.work(
            on: PasswordWork(ticket: ticket, of: use.connection, password: password, task: task))
    }

    /// Goes on with what a password was looked at for.
    mutating func finish(
        _ ticket: PasswordTicket,
        _ outcome: PasswordOutcome,
        into effects: inout EffectBuffer
    ) {
        guard let use = passwords.take(ticket) else { return }
        sessions.update(use.connection) { $0.task = nil }
        switch outcome {
        case .hashed(let hash):
            let change = ChannelsChange.account(name: use.name, hash: hash)
            make(change, for: use.connection, answer: .client(use.kind), into: &effects)
        case .verified(let isRight):
            enter(use, isRight, into: &effects)
        case .refused:
            if use.kind == .register { accounts.release(use.name) }
            answer(use.kind, false, to: use.connection, into: &effects)
        }
        goOn(use.connection, into: &effects)
    }

    private mutating func enter(
        _ use: ChannelsPasswords.Use,
        _ isRight: Bool,
        into effects: inout EffectBuffer
    ) {
        // Who has gone meanwhile does not log in.
        guard sessions.read(use.connection, { $0.state == .visitor }) == true, isRight,
            let user = accounts.find(use.name), accounts[user].connection == nil
        else { return answer(.login, false, to: use.connection, into: &effects) }
        admit(user, use.connection, into: &effects)
    }
}
