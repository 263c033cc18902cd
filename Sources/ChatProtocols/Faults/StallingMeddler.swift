// SPDX-License-Identifier: Apache-2.0

/// Lets nobody else read while somebody holds the others up; who does is itself served.
struct StallingMeddler<Server: ChatServer>: Meddler {
    private let holdsUp: @Sendable (ConnectionID, Server) -> Bool
    /// Whether a connection can be held up: some are not those of clients.
    private let isClient: @Sendable (ConnectionID, Server) -> Bool
    /// Everyone who is connected and has not ended the input.
    private var connected: Set<ConnectionID> = []

    init(
        isClient: @escaping @Sendable (ConnectionID, Server) -> Bool = { _, _ in true },
        while holdsUp: @escaping @Sendable (ConnectionID, Server) -> Bool
    ) {
        self.isClient = isClient
        self.holdsUp = holdsUp
    }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout Server,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        switch event {
        case .connected(let connection): connected.insert(connection)
        case .inputClosed(let connection), .closed(let connection): connected.remove(connection)
        case .listening, .connectedOut, .refused, .time, .loaded, .stored, .notStored, .password,
            .lookedUp, .sent:
            break
        }
        return [event]
    }

    func isStalled(_ connection: ConnectionID, on server: Server) -> Bool {
        isClient(connection, server) && !holdsUp(connection, server)
            && connected.contains { holdsUp($0, server) }
    }
}
