// SPDX-License-Identifier: Apache-2.0

/// Faults in `/to`.
enum CallbackSendFault: String, CallbackCommandFault {
    case undelivered = "to-is-not-delivered"
    case withoutSender = "from-lacks-the-sender"
    case asBroadcast = "to-comes-as-broadcastfrom"
    case confirmsEarly = "confirms-before-the-receipt"
    case oneWord = "sends-one-word"
    case collapsesSpaces = "collapses-spaces"
    case asciiOnly = "replaces-what-is-not-ascii"
    case cutsAtExclamation = "cuts-at-an-exclamation-mark"
    case toAll = "to-goes-to-all"
    case offlineConfirmed = "confirms-messages-to-nobody"
    case offlineUnrecognized = "message-to-nobody-is-401"
    case noLineConfirmed = "confirms-without-connection-b"
    case losesQueued = "loses-what-would-wait"
    case failsQueued = "fails-what-would-wait"
    case floods = "sends-without-waiting-for-receipts"

    var meaning: FaultMeaning {
        switch self {
        case .undelivered: .init("to.delivers", "a /to is confirmed and not delivered")
        case .withoutSender: .init("to.delivers", "/from does not say who sends")
        case .asBroadcast: .init("to.delivers", "a /to comes as /broadcastfrom")
        case .confirmsEarly: .init("to.waits-for-receipt", "303 is sent before the receipt")
        case .oneWord: .init("to.verbatim", "only the first word of a text is sent")
        case .collapsesSpaces: .init("to.verbatim", "a run of spaces becomes one space")
        case .asciiOnly: .init("to.unicode", "bytes that are not ASCII become question marks")
        case .cutsAtExclamation:
            .init("transcript.appendix", "a text ends at its first exclamation mark")
        case .toAll: .init("to.only-recipient", "every other user receives every text")
        case .offlineConfirmed: .init("to.offline", "a /to to nobody is confirmed")
        case .offlineUnrecognized: .init("to.offline", "a /to to nobody is answered 401")
        case .noLineConfirmed:
            .init("to.no-callback", "a /to to a user without connection b is confirmed")
        case .losesQueued:
            .init("delivery.none-lost", "a message that would have to wait is confirmed and lost")
        case .failsQueued: .init("delivery.none-lost", "a message that would have to wait fails")
        case .floods:
            .init("delivery.one-at-a-time", "a message is sent while a receipt is missing")
        }
    }

    func perform(
        _ request: CallbackRequest,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client, case .to(let user, let range) = request.command else {
            return false
        }
        let receiver = server.users.connection(of: request.part(user))
        let line = receiver.flatMap { server.sessions[$0]?.line }
        let isBusy = line.flatMap { server.lines[$0]?.due } != nil
        let text = misread(request.part(range))
        switch self {
        case .undelivered:
            guard line != nil else { return false }
            server.answer(CallbackText.delivered, to: client.connection, into: &effects)
        case .confirmsEarly:
            server.act(on: request.line.span, from: client.connection, into: &effects)
            guard server.sessions[client.connection]?.task != nil else { return true }
            server.finish(client.connection, CallbackText.delivered, into: &effects)
        case .toAll:
            guard line != nil else { return false }
            let others = server.users.all.filter { $0 != client.connection }
            server.send(whole(text, client), to: others, by: client, into: &effects)
        case .offlineConfirmed, .offlineUnrecognized:
            guard receiver == nil else { return false }
            let isConfirmed = self == .offlineConfirmed
            let answer = isConfirmed ? CallbackText.delivered : CallbackText.unrecognized
            server.answer(answer, to: client.connection, into: &effects)
        case .noLineConfirmed:
            guard receiver != nil, line == nil else { return false }
            server.answer(CallbackText.delivered, to: client.connection, into: &effects)
        case .losesQueued, .failsQueued:
            guard isBusy else { return false }
            let isConfirmed = self == .losesQueued
            let answer = isConfirmed ? CallbackText.delivered : CallbackText.notDelivered
            server.answer(answer, to: client.connection, into: &effects)
        case .floods:
            guard isBusy, let line else { return false }
            effects.payloads += whole(text, client)
            effects.deliver(to: line)
            // What waits for its receipt is nothing any more.
            server.send([], to: [receiver], by: client, into: &effects)
        case .withoutSender, .asBroadcast, .oneWord, .collapsesSpaces, .asciiOnly,
            .cutsAtExclamation:
            server.send(whole(text, client), to: [receiver], by: client, into: &effects)
        }
        return true
    }

    private func whole(_ text: [UInt8], _ client: CallbackClient) -> [UInt8] {
        let head = self == .asBroadcast ? CallbackWriting.broadcastFrom : CallbackWriting.from
        let sender = self == .withoutSender ? [] : client.name
        return CallbackWriting.line(head, from: sender, text.span)
    }

    private func misread(_ text: [UInt8]) -> [UInt8] {
        let space = UInt8(ascii: " ")
        switch self {
        case .collapsesSpaces:
            return text.indices.filter { index in
                index == 0 || text[index] != space || text[index - 1] != space
            }.map { text[$0] }
        case .oneWord: return Array(text.prefix { $0 != space })
        case .cutsAtExclamation: return Array(text.prefix { $0 != UInt8(ascii: "!") })
        case .asciiOnly: return text.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        case .undelivered, .withoutSender, .asBroadcast, .confirmsEarly, .toAll, .offlineConfirmed,
            .offlineUnrecognized, .noLineConfirmed, .losesQueued, .failsQueued, .floods:
            return text
        }
    }
}
