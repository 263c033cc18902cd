// SPDX-License-Identifier: Apache-2.0

/// Faults in which somebody holds up others who do not wait for it.
enum CallbackStallFault: String, FaultFamily {
    case visitorStallsAll = "waits-for-every-login"
    case halfLineStallsAll = "waits-for-every-half-line"
    case oneLock = "one-message-at-a-time-for-all"
    case stopsAtFailure = "toall-stops-at-a-failure"

    var meaning: FaultMeaning {
        switch self {
        case .visitorStallsAll:
            .init("concurrency.silent-peer", "nobody is served while a client is not logged in")
        case .halfLineStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while half a line is pending")
        case .oneLock:
            .init("to.receipt-missing-others", "nobody is served while a receipt is missing")
        case .stopsAtFailure:
            .init("toall.others-still-receive", "a /toall ends with the first receiver that fails")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        switch self {
        case .visitorStallsAll, .halfLineStallsAll, .oneLock:
            MeddledServer(CallbackServer(configuration), stalling)
        case .stopsAtFailure:
            CallbackStoppingServer(server: CallbackServer(configuration))
        }
    }

    /// Connections b are not held up, so that receipts come.
    private var stalling: StallingMeddler<CallbackServer> {
        StallingMeddler(isClient: { $1.sessions[$0] != nil }) { connection, server in
            guard let session = server.sessions[connection] else { return false }
            switch self {
            case .visitorStallsAll: return session.state == .visitor
            case .halfLineStallsAll: return session.framer.isInLine
            case .oneLock, .stopsAtFailure:
                if case .sending = session.task { return true }
                return false
            }
        }
    }
}

/// Sends a `/toall` to one receiver after the other, and ends it where one fails.
private struct CallbackStoppingServer: ChatServer {
    /// A `/toall` that has not come to everybody yet.
    private struct Round {
        let client: CallbackClient
        let line: [UInt8]
        var receivers: [ConnectionID]
    }

    var server: CallbackServer
    private var rounds: [Round] = []
    private var cutter = CallbackCutter()

    init(server: CallbackServer) { self.server = server }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        var taken = bytes.count
        if server.sessions[connection] != nil {
            taken = read(bytes, from: connection, into: &effects)
        } else {
            _ = server.receive(bytes, from: connection, into: &effects)
        }
        proceed(into: &effects)
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        server.handle(event, into: &effects)
        proceed(into: &effects)
    }

    private mutating func read(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        var taken = 0
        while taken < bytes.count, server.sessions[connection]?.task == nil {
            let next = cutter.line(bytes.extracting(droppingFirst: taken), from: connection)
            taken += next.taken
            guard let line = next.line else { continue }
            if let client = server.client(connection),
                case .toAll(let text) = CallbackCommand(line.span)
            {
                begin(Array(line[text]), by: client, into: &effects)
            } else {
                server.act(on: line.span, from: connection, into: &effects)
            }
        }
        server.askForTime(into: &effects)
        return taken
    }

    private mutating func begin(
        _ text: [UInt8],
        by client: CallbackClient,
        into effects: inout EffectBuffer
    ) {
        let head = CallbackWriting.broadcastFrom
        let line = CallbackWriting.line(head, from: client.name, text.span)
        let others = server.users.all.filter { $0 != client.connection }
        guard let first = others.first else {
            return server.answer(CallbackText.delivered, to: client.connection, into: &effects)
        }
        server.send(line, to: [first], by: client, into: &effects)
        // One more is left than was sent, so that the last receipt is not the answer.
        guard others.count > 1 else { return }
        addOneMore(client.connection)
        rounds.append(Round(client: client, line: line, receivers: Array(others.dropFirst())))
    }

    private mutating func addOneMore(_ sender: ConnectionID) {
        guard case .sending(var sending) = server.sessions[sender]?.task else { return }
        sending.deliveriesLeft += 1
        server.sessions.update(sender) { $0.task = .sending(sending) }
    }

    /// Goes on with each round whose last delivery is settled.
    private mutating func proceed(into effects: inout EffectBuffer) {
        let waiting = rounds
        rounds = []
        for var round in waiting {
            let sender = round.client.connection
            guard case .sending(let sending) = server.sessions[sender]?.task else { continue }
            guard sending.deliveriesLeft == 1 else {
                rounds.append(round)
                continue
            }
            if sending.hasFailed {
                server.finish(sender, CallbackText.notDelivered, into: &effects)
                continue
            }
            let next = round.receivers.removeFirst()
            server.send(round.line, to: [next], by: round.client, into: &effects)
            guard !round.receivers.isEmpty else { continue }
            addOneMore(sender)
            rounds.append(round)
        }
        server.askForTime(into: &effects)
    }
}
