// SPDX-License-Identifier: Apache-2.0

/// Faults in seeing users go.
enum HelloLeaveFault: String, FaultFamily {
    case keepsName = "keeps-the-names-of-who-left"
    case missesReset = "does-not-notice-resets"
    case staysInList = "lists-who-left"
    case staysReachable = "confirms-sends-to-who-left"

    var meaning: FaultMeaning {
        switch self {
        case .keepsName: .init("logout.frees-name", "a name is never free again")
        case .missesReset: .init("logout.frees-name", "who resets the connection stays logged in")
        case .staysInList: .init("list.all", "who has left stays in the list")
        case .staysReachable:
            .init("send.bad-destination", "a SEND to who has left is answered SEND-OK")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        HelloUnawareServer(fault: self, server: HelloServer(configuration))
    }
}

private struct HelloUnawareServer: ChatServer {
    let fault: HelloLeaveFault
    var server: HelloServer
    var cutter = HelloCutter()
    /// The names of those who have left and whom nobody has come after.
    var gone: [[UInt8]] = []

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for line in cutter.lines(bytes, from: connection) {
            act(on: line, from: connection, into: &effects)
            for name in server.users.names { gone.removeAll { $0 == name } }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        switch event {
        case .connected, .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password,
            .lookedUp, .sent, .listening:
            break
        case .inputClosed(let connection), .closed(let connection):
            if let client = server.client(connection) {
                if fault == .missesReset, case .closed = event { return }
                gone.append(client.name)
            }
        }
        server.handle(event, into: &effects)
    }

    private mutating func act(
        on line: [UInt8],
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let isUser = server.client(connection) != nil
        switch (fault, HelloCommand(line.span)) {
        case (.keepsName, .hello(let name)) where !isUser && gone.contains(Array(line[name])):
            server.answer(HelloText.inUse, to: connection, into: &effects)
        case (.staysInList, .list) where isUser:
            HelloMessage.append(list: server.users.names + gone, to: &effects.payloads)
            effects.reply(to: connection)
        case (.staysReachable, .send(let name, _)) where isUser && gone.contains(Array(line[name])):
            server.answer(HelloText.sendOK, to: connection, into: &effects)
        case (_, _):
            server.act(on: line.span, from: connection, into: &effects)
        }
    }
}
