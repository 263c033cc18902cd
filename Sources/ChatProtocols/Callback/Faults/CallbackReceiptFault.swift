// SPDX-License-Identifier: Apache-2.0

/// Faults in taking receipts, and in noticing that none will come.
enum CallbackReceiptFault: String, FaultFamily {
    case readIsReceipt = "each-read-is-a-receipt"
    case wrongConfirms = "any-answer-is-a-receipt"
    case deathConfirms = "confirms-when-the-receiver-dies"
    case deathIgnored = "never-answers-when-the-receiver-dies"
    case partialConfirmed = "confirms-what-some-received"
    case deafWhileSending = "takes-no-receipts-while-sending"
    case refusedConfirmed = "confirms-refused-ports"
    case refusedIgnored = "refused-ports-are-not-answered"

    var meaning: FaultMeaning {
        switch self {
        case .readIsReceipt: .init("framing.partial-receipt", "what a read brings is a receipt")
        case .wrongConfirms: .init("to.receipt-wrong", "any line on a connection b confirms")
        case .deathConfirms:
            .init("to.recipient-dies", "303 is sent when the receiver's connection b breaks")
        case .deathIgnored:
            .init("to.recipient-dies", "no answer is sent when the receiver's connection b breaks")
        case .partialConfirmed:
            .init("toall.partial-failure", "a /toall is confirmed although a receiver has gone")
        case .deafWhileSending:
            .init("delivery.cross", "a user's receipts are not read while its message waits")
        case .refusedConfirmed: .init("port.failed", "201 is sent where nobody listens")
        case .refusedIgnored: .init("port.failed", "nothing is answered where nobody listens")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        CallbackMisconfirmingServer(fault: self, server: CallbackServer(configuration))
    }
}

private struct CallbackMisconfirmingServer: ChatServer {
    let fault: CallbackReceiptFault
    var server: CallbackServer
    /// What came on connections b and is not looked at yet.
    var held: [(line: ConnectionID, bytes: [UInt8])] = []

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard let line = server.lines[connection] else {
            return server.receive(bytes, from: connection, into: &effects)
        }
        switch fault {
        case .readIsReceipt where line.due != nil:
            let isReceipt = bytes.bytes.starts(with: "302".utf8)
            server.conclude(connection, isConfirmed: isReceipt, into: &effects)
        case .wrongConfirms where bytes.bytes.contains(0x0A) && line.due != nil:
            server.conclude(connection, isConfirmed: true, into: &effects)
        case .deafWhileSending where isSending(line.owner):
            held.append((connection, bytes.bytes))
        case .readIsReceipt, .wrongConfirms, .deathConfirms, .deathIgnored, .partialConfirmed,
            .deafWhileSending, .refusedConfirmed, .refusedIgnored:
            _ = server.receive(bytes, from: connection, into: &effects)
        }
        release(into: &effects)
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .inputClosed(let connection), .closed(let connection):
            if let due = server.lines[connection]?.due {
                breakWrongly(connection, due, into: &effects)
            }
            server.handle(event, into: &effects)
        case .refused(let ticket):
            refuseWrongly(ticket, event, into: &effects)
        case .connected, .connectedOut, .time, .loaded, .stored, .notStored, .password,
            .lookedUp, .sent, .listening:
            server.handle(event, into: &effects)
        }
        release(into: &effects)
    }

    private func isSending(_ connection: ConnectionID) -> Bool {
        if case .sending = server.sessions[connection]?.task { return true }
        return false
    }

    /// Settles what is due on a connection b that has broken, so that nothing is left to fail.
    private mutating func breakWrongly(
        _ line: ConnectionID,
        _ due: CallbackDelivery,
        into effects: inout EffectBuffer
    ) {
        let isToAll = due.line.starts(with: "/broadcastfrom".utf8)
        switch fault {
        case .deathConfirms where !isToAll, .partialConfirmed where isToAll:
            server.settle(due, isConfirmed: true, into: &effects)
            server.lines.update(line) { $0.due = nil }
        case .deathIgnored where !isToAll:
            server.lines.update(line) { $0.due = nil }
        case .readIsReceipt, .wrongConfirms, .deathConfirms, .deathIgnored, .partialConfirmed,
            .deafWhileSending, .refusedConfirmed, .refusedIgnored:
            break
        }
    }

    private mutating func refuseWrongly(
        _ ticket: ConnectTicket,
        _ event: ServerEvent,
        into effects: inout EffectBuffer
    ) {
        let isWrong = fault == .refusedConfirmed || fault == .refusedIgnored
        guard isWrong, let owner = server.connecting.removeValue(forKey: ticket) else {
            server.handle(event, into: &effects)
            return
        }
        server.deadlines.remove(.connecting(ticket))
        if fault == .refusedConfirmed {
            server.finish(owner, CallbackText.connected, into: &effects)
        } else {
            server.sessions.update(owner) { $0.task = nil }
            effects.resume(owner)
        }
    }

    private mutating func release(into effects: inout EffectBuffer) {
        let all = held
        held = all.filter { one in server.lines[one.line].map { isSending($0.owner) } ?? false }
        let ready = all.filter { one in
            server.lines[one.line].map { !isSending($0.owner) } ?? true
        }
        for one in ready {
            _ = server.receive(one.bytes.span, from: one.line, into: &effects)
        }
    }
}
