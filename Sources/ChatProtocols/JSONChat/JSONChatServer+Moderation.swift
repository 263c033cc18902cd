// SPDX-License-Identifier: Apache-2.0

/// What moderators may do.
extension JSONChatServer {
    mutating func moderate(
        _ request: JSONChatRequest,
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        guard settings.moderators.contains(client.name) else {
            refuse(.moderatorsOnly, to: client.connection, into: &effects)
            return
        }
        obey(request, of: client, into: &effects)
    }

    /// Does it, whoever asks.
    mutating func obey(
        _ request: JSONChatRequest,
        of client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        switch request {
        case .kick(let name): kick(name, by: client, into: &effects)
        case .ban(let name): askForBan(of: name, by: client, into: &effects)
        case .remove(let number): remove(number, by: client, into: &effects)
        case .login, .logout, .message, .names, .help, .rooms, .create, .join, .leave, .invalid,
            .malformed:
            break
        }
    }

    private mutating func kick(
        _ name: [UInt8],
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        guard let connection = users[name] else {
            refuse(.noSuchUser(name), to: client.connection, into: &effects)
            return
        }
        inform(JSONChatText.kicked(name).bytes, client.connection, into: &effects)
        dismiss(connection, .kickedBy(client.name), into: &effects)
    }

    private mutating func askForBan(
        of name: [UInt8],
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        if let problem = problem(ofBan: name) {
            refuse(problem, to: client.connection, into: &effects)
        } else {
            make(.ban(name), for: client.connection, into: &effects)
        }
    }

    private func problem(ofBan name: [UInt8]) -> JSONChatText? {
        if let problem = JSONChatNames.problem(name) { return problem }
        if settings.moderators.contains(name) { return .moderatorStays(name) }
        return banned.count < Limits.jsonBans ? nil : .tooManyBans
    }

    /// Bans a name that may be banned already, and ends its user's connection.
    mutating func ban(
        _ name: [UInt8],
        by connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        banned.insert(name)
        inform(JSONChatText.banned(name).bytes, connection, into: &effects)
        guard let target = users[name] else { return }
        let moderator = client(connection)?.name ?? JSONChatResponse.server
        dismiss(target, .bannedBy(moderator), into: &effects)
    }

    private mutating func remove(
        _ number: Int,
        by client: JSONChatClient,
        into effects: inout EffectBuffer
    ) {
        guard let message = rooms.forget(newest: number, in: client.room) else {
            refuse(.noSuchMessage, to: client.connection, into: &effects)
            return
        }
        make(.removal(message, from: client.room), for: client.connection, into: &effects)
    }

    /// Says why, and ends the connection.
    ///
    /// What is said is on another's account: a client that does not read is not waited for.
    private mutating func dismiss(
        _ connection: ConnectionID,
        _ reason: JSONChatText,
        into effects: inout EffectBuffer
    ) {
        append(.info, reason.bytes, to: &effects)
        effects.deliver(to: connection)
        end(connection, into: &effects)
    }
}
