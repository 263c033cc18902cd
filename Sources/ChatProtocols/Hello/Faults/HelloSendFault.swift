// SPDX-License-Identifier: Apache-2.0

/// Faults in `SEND`.
enum HelloSendFault: String, HelloCommandFault {
    case unconfirmed = "send-is-not-confirmed"
    case undelivered = "send-is-not-delivered"
    case withoutSender = "delivery-lacks-the-sender"
    case toAll = "send-goes-to-all"
    case toSenderToo = "send-comes-back"
    case refusesSelf = "refuses-to-send-to-oneself"
    case unknownConfirmed = "confirms-sends-to-nobody"
    case unknownIsBody = "unknown-recipient-is-a-body-error"
    case sendsBlank = "sends-blank-texts"
    case blankIsHeader = "blank-text-is-a-header-error"
    case missingTextConfirmed = "sends-without-a-text"
    case aloneIsHeader = "send-alone-is-a-header-error"

    var meaning: FaultMeaning {
        switch self {
        case .unconfirmed: .init("send.ok", "a SEND that succeeds is not answered")
        case .undelivered: .init("send.ok", "a SEND is confirmed and not delivered")
        case .withoutSender: .init("send.ok", "a delivery does not say who sends")
        case .toAll: .init("send.only-recipient", "every user receives every text")
        case .toSenderToo: .init("send.only-recipient", "the sender receives its text, too")
        case .refusesSelf: .init("send.self", "nobody can send to itself")
        case .unknownConfirmed: .init("send.bad-destination", "a SEND to nobody is confirmed")
        case .unknownIsBody: .init("send.bad-destination", "an unknown recipient is a body error")
        case .sendsBlank: .init("send.empty", "texts of white space are sent")
        case .blankIsHeader: .init("send.empty", "a text of white space is a header error")
        case .missingTextConfirmed: .init("send.empty", "a SEND without a text is confirmed")
        case .aloneIsHeader: .init("send.missing-recipient", "SEND alone is a header error")
        }
    }

    func perform(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client else { return false }
        switch request.command {
        case .send(let name, let text):
            return send(
                request.part(text), to: request.part(name), by: client, on: server, into: &effects)
        case .badBody where request.header == Array("SEND".utf8):
            return sendBadly(request, by: client, on: server, into: &effects)
        case .badBody, .list, .hello, .helloWithBadName, .unknown:
            return false
        }
    }

    private func send(
        _ text: [UInt8],
        to name: [UInt8],
        by client: HelloClient,
        on server: HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let recipient = server.users.connection(of: name) else {
            return sendToNobody(client, on: server, into: &effects)
        }
        switch self {
        case .unconfirmed:
            server.deliver(text.span, to: recipient, by: client, into: &effects)
            return true
        case .undelivered:
            break
        case .withoutSender:
            let nobody = HelloClient(connection: client.connection, name: [])
            server.deliver(text.span, to: recipient, by: nobody, into: &effects)
        case .toAll:
            for user in server.users.names {
                guard let connection = server.users.connection(of: user) else { continue }
                server.deliver(text.span, to: connection, by: client, into: &effects)
            }
        case .toSenderToo:
            guard recipient != client.connection else { return false }
            for connection in [recipient, client.connection] {
                server.deliver(text.span, to: connection, by: client, into: &effects)
            }
        case .refusesSelf:
            guard recipient == client.connection else { return false }
            server.answer(HelloText.badDestination, to: client.connection, into: &effects)
            return true
        case .unknownConfirmed, .unknownIsBody, .sendsBlank, .blankIsHeader,
            .missingTextConfirmed, .aloneIsHeader:
            return false
        }
        server.answer(HelloText.sendOK, to: client.connection, into: &effects)
        return true
    }

    private func sendToNobody(
        _ client: HelloClient,
        on server: HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        if self == .unknownConfirmed {
            server.answer(HelloText.sendOK, to: client.connection, into: &effects)
        } else if self == .unknownIsBody {
            server.answer(HelloText.badBody, to: client.connection, into: &effects)
        } else {
            return false
        }
        return true
    }

    private func sendBadly(
        _ request: HelloRequest,
        by client: HelloClient,
        on server: HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let body = request.body, body.first != UInt8(ascii: " "), !body.isEmpty else {
            guard self == .aloneIsHeader else { return false }
            server.answer(HelloText.badHeader, to: client.connection, into: &effects)
            return true
        }
        let name = Array(body.prefix { $0 != UInt8(ascii: " ") })
        let hasText = body.count > name.count + 1
        switch self {
        case .sendsBlank where hasText:
            guard let recipient = server.users.connection(of: name) else { return false }
            let text = Array(body.dropFirst(name.count + 1))
            server.deliver(text.span, to: recipient, by: client, into: &effects)
            server.answer(HelloText.sendOK, to: client.connection, into: &effects)
            return true
        case .blankIsHeader where hasText:
            server.answer(HelloText.badHeader, to: client.connection, into: &effects)
            return true
        case .missingTextConfirmed where !hasText:
            server.answer(HelloText.sendOK, to: client.connection, into: &effects)
            return true
        case .unconfirmed, .undelivered, .withoutSender, .toAll, .toSenderToo, .refusesSelf,
            .unknownConfirmed, .unknownIsBody, .sendsBlank, .blankIsHeader, .missingTextConfirmed,
            .aloneIsHeader:
            return false
        }
    }
}
