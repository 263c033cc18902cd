// SPDX-License-Identifier: Apache-2.0

/// What each command does, built of the small steps at the end of the file.
extension HelloServer {
    mutating func logIn(
        _ command: HelloCommand,
        _ line: Span<UInt8>,
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch command {
        case .hello(let range):
            logIn(line.extracting(range).bytes, connection, into: &effects)
        case .helloWithBadName:
            answer(HelloText.badBody, to: connection, into: &effects)
        case .list, .send, .badBody, .unknown:
            answer(HelloText.badHeader, to: connection, into: &effects)
        }
    }

    private mutating func logIn(
        _ name: [UInt8],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        if users.connection(of: name) != nil {
            answer(HelloText.inUse, to: connection, into: &effects)
        } else if users.isFull {
            answer(HelloText.busy, to: connection, into: &effects)
        } else {
            admit(name, connection, into: &effects)
        }
    }

    mutating func perform(
        _ command: HelloCommand,
        _ line: Span<UInt8>,
        by client: HelloClient,
        into effects: inout EffectBuffer
    ) {
        switch command {
        case .list:
            HelloMessage.append(list: users.names, to: &effects.payloads)
            effects.reply(to: client.connection)
        case .send(let name, let text):
            let recipient: [UInt8] = line.extracting(name).bytes
            send(line.extracting(text), to: recipient, by: client, into: &effects)
        case .badBody:
            answer(HelloText.badBody, to: client.connection, into: &effects)
        case .hello, .helloWithBadName, .unknown:
            answer(HelloText.badHeader, to: client.connection, into: &effects)
        }
    }

    private func send(
        _ text: Span<UInt8>,
        to name: [UInt8],
        by client: HelloClient,
        into effects: inout EffectBuffer
    ) {
        guard let recipient = users.connection(of: name) else {
            answer(HelloText.badDestination, to: client.connection, into: &effects)
            return
        }
        deliver(text, to: recipient, by: client, into: &effects)
        answer(HelloText.sendOK, to: client.connection, into: &effects)
    }
}

/// The steps.
extension HelloServer {
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
        sessions.update(connection) { $0.state = .loggedIn(name: name) }
        HelloMessage.append(helloTo: name.span, to: &effects.payloads)
        effects.reply(to: connection)
    }

    /// Writes a text to its recipient; what one sends oneself is one's own request's answer.
    func deliver(
        _ text: Span<UInt8>,
        to recipient: ConnectionID,
        by client: HelloClient,
        into effects: inout EffectBuffer
    ) {
        HelloMessage.append(deliveryFrom: client.name.span, text, to: &effects.payloads)
        if recipient == client.connection {
            effects.reply(to: recipient)
        } else {
            effects.deliver(to: recipient)
        }
    }

    /// Frees the name and the place of a connection, if it has them.
    mutating func logOut(_ connection: ConnectionID) {
        guard let client = client(connection) else { return }
        users.remove(client.name)
        sessions.update(connection) { $0.state = .anonymous }
    }

    /// Logs out, hears nothing more, and closes when all that was sent has left.
    mutating func drain(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        logOut(connection)
        sessions.update(connection) { $0 = HelloSession(state: .draining) }
        effects.close(connection)
    }

    mutating func refuseLongLine(
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        answer(HelloText.badBody, to: connection, into: &effects)
        drain(connection, into: &effects)
    }
}
