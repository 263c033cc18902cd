// SPDX-License-Identifier: Apache-2.0

/// Faults in `/toall`.
enum CallbackSendAllFault: String, CallbackCommandFault {
    case asFrom = "toall-comes-as-from"
    case firstOnly = "toall-goes-to-one"
    case undelivered = "toall-is-not-delivered"
    case toSenderToo = "toall-comes-back"
    case confirmsEarly = "toall-confirms-before-any-receipt"
    case firstReceipt = "toall-waits-for-one-receipt"
    case aloneFails = "toall-alone-fails"

    var meaning: FaultMeaning {
        switch self {
        case .asFrom: .init("toall.delivers", "a /toall comes as /from")
        case .firstOnly: .init("toall.delivers", "a /toall goes to one other user only")
        case .undelivered: .init("toall.delivers", "a /toall is confirmed and not delivered")
        case .toSenderToo: .init("toall.not-self", "the sender receives its /toall, too")
        case .confirmsEarly: .init("toall.waits-for-all", "303 is sent before any receipt")
        case .firstReceipt: .init("toall.waits-for-all", "303 is sent after the first receipt")
        case .aloneFails: .init("toall.alone", "a /toall with nobody else online fails")
        }
    }

    func perform(
        _ request: CallbackRequest,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client, case .toAll(let range) = request.command else {
            return false
        }
        let others = server.users.all.filter { $0 != client.connection }
        let head = self == .asFrom ? CallbackWriting.from : CallbackWriting.broadcastFrom
        let line = CallbackWriting.line(head, from: client.name, request.part(range).span)
        switch self {
        case .asFrom: server.send(line, to: others, by: client, into: &effects)
        case .firstOnly:
            server.send(line, to: Array(others.prefix(1)), by: client, into: &effects)
        case .undelivered:
            server.answer(CallbackText.delivered, to: client.connection, into: &effects)
        case .toSenderToo: server.send(line, to: server.users.all, by: client, into: &effects)
        case .confirmsEarly, .firstReceipt:
            server.send(line, to: others, by: client, into: &effects)
            hurry(client.connection, on: &server, into: &effects)
        case .aloneFails:
            guard others.isEmpty else { return false }
            server.answer(CallbackText.notDelivered, to: client.connection, into: &effects)
        }
        return true
    }

    /// Waits for one receipt, or for none, where more are due.
    private func hurry(
        _ sender: ConnectionID,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) {
        guard case .sending(var sending) = server.sessions[sender]?.task else { return }
        if self == .confirmsEarly {
            server.finish(sender, CallbackText.delivered, into: &effects)
        } else {
            sending.deliveriesLeft = 1
            server.sessions.update(sender) { $0.task = .sending(sending) }
        }
    }
}
