// SPDX-License-Identifier: Apache-2.0

/// The server of `callback`: users with two connections, whose messages are confirmed by receipts.
///
/// ```text
/// connection a                                        connection b
///
///          /login                 /exit, input closed     /port   ┌── delivery sent ──▶
/// visitor ────────▶ user ───────────────────┐          ─────────▶ free                 due
///    │             │    ▲                   ▼                     ◀── receipt, or not ─┘
///    │       /port,│    │answered        leaving                  │                     │
///    │   /to,/toall▼    │                   ▲                     └─ broken, replaced, ─┘
///    │          (waiting)                   │                     owner gone, too late ──▶ closed
///    └───────── input closed ───────────────┘
/// ```
///
/// - A line is acted on when its `\n` is there; one that is not whole when the input ends is dropped.
/// - While the command in hand waits, for a connection b or for receipts, the client's further
///   commands are left where they are; that its input has ended is seen all the same.
/// - Who is leaving is no user any more: the name is free and the connection b closed at once. Only
///   the answer to a message that is on its way is still waited for.
/// - On one connection b one message at a time is due; the others wait there in their order. So
///   nobody waits for a missing receipt but who sends to that receiver.
/// - A receipt is a line of a connection b where one is due. What comes there otherwise, and what
///   comes in one read behind a receipt, is thrown away: it confirms nothing.
/// - A line that is not the receipt fails the delivery; the connection b stays.
/// - A connection b that breaks, is replaced or lets its deadline pass is closed; what is due or
///   waits there fails. So no late receipt confirms the next message.
/// - A sender is answered when each of its deliveries is confirmed or has failed.
/// - A connection b that comes when nobody waits for it any more is aborted.
/// - `closed` may come in every state.
struct CallbackServer: ChatServer {
    let settings: CallbackSettings
    var sessions = ConnectionTable<CallbackSession>()
    var lines = ConnectionTable<CallbackLine>()
    var users = CallbackUsers()
    /// Whose connections b are being made.
    var connecting: [ConnectTicket: ConnectionID] = [:]
    var deadlines = Deadlines<CallbackWait>()
    private var now: Int64 = 0
    /// When the server has asked to be told the time; never later than the next deadline.
    private var wakesAt: Int64?
    private var lastNumber: UInt64 = 0

    init(_ settings: CallbackSettings) {
        self.settings = settings
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        defer { askForTime(into: &effects) }
        guard lines[connection] == nil else {
            hear(bytes, on: connection, into: &effects)
            return bytes.count
        }
        return read(bytes, from: connection, into: &effects)
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected(let connection):
            sessions[connection] = CallbackSession()
        case .connectedOut(let ticket, let line):
            finishConnecting(ticket, line, into: &effects)
        case .refused(let ticket):
            failConnecting(ticket, into: &effects)
        case .inputClosed(let connection):
            breakLine(connection, into: &effects)
            endInput(of: connection, into: &effects)
        case .closed(let connection):
            breakLine(connection, into: &effects)
            forget(connection, into: &effects)
        case .time(let time):
            now = time.elapsed
            meetDeadlines(into: &effects)
        case .loaded, .stored, .notStored, .password, .lookedUp, .sent, .listening:
            break  // It keeps nothing, and its passwords stand in a file.
        }
        askForTime(into: &effects)
    }

    /// Acts on what one whole line of a connection a says.
    mutating func act(
        on line: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        switch sessions.read(connection, { $0.state }) {
        case .visitor:
            welcome(CallbackCommand(line), line, connection, into: &effects)
        case .user(let name):
            let client = CallbackClient(connection: connection, name: name)
            perform(CallbackCommand(line), line, by: client, into: &effects)
        case .leaving, nil:
            break
        }
    }

    /// The user that a connection a is, once it is logged in.
    func client(_ connection: ConnectionID) -> CallbackClient? {
        guard case .user(let name) = sessions[connection]?.state else { return nil }
        return CallbackClient(connection: connection, name: name)
    }

    /// A number that no message and no attempt to connect has had.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }
}

/// A client that is logged in, as its commands see it.
struct CallbackClient {
    let connection: ConnectionID
    let name: [UInt8]
}

/// Input of a connection a.
extension CallbackServer {
    private mutating func read(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard var framer = sessions[connection]?.framer else { return bytes.count }
        sessions.update(connection) { $0.framer = CallbackFramer() }
        var taken = 0
        while taken < bytes.count, !effects.isFull, sessions[connection]?.task == nil {
            if sessions[connection]?.state == .leaving { return bytes.count }
            taken += framer.take(bytes.extracting(droppingFirst: taken)) { piece, line in
                switch piece {
                case .line: act(on: line, from: connection, into: &effects)
                case .tooLong: answer(CallbackText.unrecognized, to: connection, into: &effects)
                }
            }
        }
        sessions.update(connection) { $0.framer = framer }
        return taken
    }
}

/// Time.
extension CallbackServer {
    /// Notes that something is waited for from now on.
    mutating func wait(for wait: CallbackWait) {
        let (deadline, isOver) = now.addingReportingOverflow(settings.receiptTimeout)
        deadlines.add(wait, until: isOver ? .max : deadline)
    }

    private mutating func meetDeadlines(into effects: inout EffectBuffer) {
        if let due = wakesAt, due <= now { wakesAt = nil }
        while let wait = deadlines.expire(at: now) {
            switch wait {
            case .connecting(let ticket):
                effects.cancelConnect(ticket)
                failConnecting(ticket, into: &effects)
            case .receipt(let line):
                breakLine(line, into: &effects)
            }
        }
    }

    mutating func askForTime(into effects: inout EffectBuffer) {
        guard let next = deadlines.next() else { return }
        if let wakesAt, wakesAt <= next { return }
        wakesAt = next
        effects.wake(at: next)
    }
}
