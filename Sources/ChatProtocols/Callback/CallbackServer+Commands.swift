// SPDX-License-Identifier: Apache-2.0

/// What each command does, built of the small steps at the end of the file.
extension CallbackServer {
    mutating func welcome(
        _ command: CallbackCommand,
        _ line: Span<UInt8>,
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch command {
        case .login(let user, let password):
            let name: [UInt8] = line.extracting(user).bytes
            let isRight = settings.accounts.accept(name, line.extracting(password))
            if isRight, users.connection(of: name) == nil {
                admit(name, connection, into: &effects)
            } else {
                answer(CallbackText.loginFailed, to: connection, into: &effects)
            }
        case .port, .list, .to, .toAll, .exit, .unrecognized:
            answer(CallbackText.unrecognized, to: connection, into: &effects)
        }
    }

    mutating func perform(
        _ command: CallbackCommand,
        _ line: Span<UInt8>,
        by client: CallbackClient,
        into effects: inout EffectBuffer
    ) {
        switch command {
        case .login:
            answer(CallbackText.loginFailed, to: client.connection, into: &effects)
        case .port(let port):
            let target = ConnectTarget(host: .ofClient(client.connection), port: port)
            connect(to: target, for: client.connection, into: &effects)
        case .list:
            CallbackWriting.append(list: users.names, to: &effects.payloads)
            effects.reply(to: client.connection)
        case .to(let user, let text):
            let receiver = users.connection(of: line.extracting(user).bytes)
            let text = line.extracting(text)
            let whole = CallbackWriting.line(CallbackWriting.from, from: client.name, text)
            send(whole, to: [receiver], by: client, into: &effects)
        case .toAll(let text):
            let text = line.extracting(text)
            let whole = CallbackWriting.line(CallbackWriting.broadcastFrom, from: client.name, text)
            let receivers = users.all.filter { $0 != client.connection }
            send(whole, to: receivers, by: client, into: &effects)
        case .exit:
            answer(CallbackText.bye, to: client.connection, into: &effects)
            leave(client.connection, into: &effects)
            effects.close(client.connection)
        case .unrecognized:
            answer(CallbackText.unrecognized, to: client.connection, into: &effects)
        }
    }

    mutating func endInput(of connection: ConnectionID, into effects: inout EffectBuffer) {
        guard let session = sessions[connection], session.state != .leaving else { return }
        leave(connection, into: &effects)
        switch session.task {
        case nil:
            effects.close(connection)
        case .connecting(let ticket):
            effects.cancelConnect(ticket)
            failConnecting(ticket, into: &effects)
        case .sending:
            break  // Closed with its answer.
        }
    }

    mutating func forget(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        if case .connecting(let ticket) = sessions[connection]?.task {
            effects.cancelConnect(ticket)
            connecting[ticket] = nil
            deadlines.remove(.connecting(ticket))
        }
        // First nobody, so that nothing is answered.
        sessions.update(connection) { $0.task = nil }
        leave(connection, into: &effects)
        sessions[connection] = nil
    }
}

/// The steps.
extension CallbackServer {
    func answer(
        _ text: StaticString,
        to connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        effects.payloads.append(text)
        effects.reply(to: connection)
    }

    /// Makes a connection a user, whatever stands against it.
    mutating func admit(
        _ name: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        users.insert(name, connection)
        sessions.update(connection) { $0.state = .user(name: name) }
        answer(CallbackText.loginOK, to: connection, into: &effects)
    }

    /// Has the command in hand wait, and the client's further ones with it.
    mutating func hold(
        _ connection: ConnectionID,
        _ task: CallbackSession.Task,
        into effects: inout EffectBuffer
    ) {
        sessions.update(connection) { $0.task = task }
        effects.pause(connection)
    }

    /// Answers the command in hand, and goes on with the next or closes.
    mutating func finish(
        _ connection: ConnectionID,
        _ text: StaticString,
        into effects: inout EffectBuffer
    ) {
        sessions.update(connection) { $0.task = nil }
        answer(text, to: connection, into: &effects)
        if sessions[connection]?.state == .leaving {
            effects.close(connection)
        } else {
            effects.resume(connection)
        }
    }

    /// Makes a user nobody: the name is free, and the connection b is closed.
    mutating func leave(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        guard let session = sessions[connection] else { return }
        sessions.update(connection) { $0.state = .leaving }
        if case .user(let name) = session.state { users.remove(name) }
        if let line = session.line { breakLine(line, into: &effects) }
    }
}
