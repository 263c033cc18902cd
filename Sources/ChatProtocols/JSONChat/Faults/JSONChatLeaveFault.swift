// SPDX-License-Identifier: Apache-2.0

/// Faults when a connection goes.
enum JSONChatLeaveFault: String, JSONChatConductFault {
    case staysNamed = "who-is-gone-is-still-named"
    case keepsName = "names-are-never-free-again"
    case resetStaysNamed = "who-is-reset-is-still-named"

    var meaning: FaultMeaning {
        switch self {
        case .staysNamed:
            .init("disconnect.leaves-names", "names lists who has gone without logout")
        case .keepsName: .init("disconnect.frees-name", "the name of a closed connection is taken")
        case .resetStaysNamed: .init("disconnect.leaves-names", "only a FIN is noticed")
        }
    }

    func handle(
        _ event: ServerEvent,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch event {
        case .inputClosed(let connection):
            guard let client = server.client(connection), self != .resetStaysNamed else {
                return false
            }
            leave(client, on: &server)
            effects.close(connection)
            return true
        case .closed(let connection):
            guard let client = server.client(connection) else { return false }
            leave(client, on: &server)
            // The session stays, and with it the name in the room.
            return self != .keepsName
        case .connected, .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password,
            .lookedUp, .sent, .listening:
            return false
        }
    }

    private func leave(_ client: JSONChatClient, on server: inout JSONChatServer) {
        switch self {
        case .staysNamed, .resetStaysNamed: server.users[client.name] = nil
        case .keepsName:
            server.depart(client.connection)
            server.users[client.name] = client.connection
        }
    }
}
