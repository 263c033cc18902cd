// SPDX-License-Identifier: Apache-2.0

/// Faults in how many users there may be.
enum HelloCapacityFault: String, FaultFamily {
    case unlimited = "is-never-busy"
    case oneMore = "admits-one-more"
    case oneLess = "admits-one-less"
    case countsConnections = "counts-connections"
    case keepsPlaces = "keeps-the-places-of-who-left"

    var meaning: FaultMeaning {
        switch self {
        case .unlimited: .init("login.busy", "there is no bound on users")
        case .oneMore: .init("login.busy", "one user more than allowed is admitted")
        case .oneLess: .init("login.capacity", "one user less than allowed is admitted")
        case .countsConnections:
            .init("login.busy-counts-users", "connections without a login take places, too")
        case .keepsPlaces: .init("logout.frees-slot", "a place is never free again")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        HelloMiscountingServer(fault: self, server: HelloServer(configuration))
    }
}

private struct HelloMiscountingServer: ChatServer {
    let fault: HelloCapacityFault
    let allowed: Int
    var server: HelloServer
    var cutter = HelloCutter()
    var connected = 0
    var admitted = 0

    init(fault: HelloCapacityFault, server: HelloServer) {
        self.fault = fault
        allowed = server.users.capacity
        self.server = HelloServer(capacity: .max)
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for line in cutter.lines(bytes, from: connection) {
            let before = server.users.names.count
            if isBusy(for: line, connection) {
                server.answer(HelloText.busy, to: connection, into: &effects)
            } else {
                server.act(on: line.span, from: connection, into: &effects)
            }
            admitted += max(0, server.users.names.count - before)
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        switch event {
        case .connected: connected += 1
        case .inputClosed, .time, .loaded, .stored, .notStored, .connectedOut, .refused, .password,
            .lookedUp, .sent, .listening:
            break
        case .closed: connected -= 1
        }
        server.handle(event, into: &effects)
    }

    private func isBusy(for line: [UInt8], _ connection: ConnectionID) -> Bool {
        guard server.client(connection) == nil,
            case .hello(let range) = HelloCommand(line.span),
            server.users.connection(of: Array(line[range])) == nil
        else { return false }
        let users = server.users.names.count
        return switch fault {
        case .unlimited: false
        case .oneMore: users > allowed
        case .oneLess: users >= allowed - 1
        case .countsConnections: connected > allowed
        case .keepsPlaces: admitted >= allowed
        }
    }
}
