// SPDX-License-Identifier: Apache-2.0

/// Faults in names, talk and lists.
enum PaddedTalkFault: String, PaddedCommandFault {
    case nameAnswered = "name-is-answered"
    case nameObeyed = "name-is-obeyed"
    case sayToSelf = "text-comes-back"
    case sayEverywhere = "text-goes-everywhere"
    case sayToOne = "text-goes-to-one"
    case sayWithoutName = "text-has-no-name"
    case listToAll = "list-goes-to-the-channel"
    case listOmitsLast = "list-omits-the-last"
    case listRepeats = "list-repeats-the-first"
    case listWithEmptyLine = "list-has-an-empty-line"

    var meaning: FaultMeaning {
        switch self {
        case .nameAnswered: .init("name.first-message", "the first frame is answered")
        case .nameObeyed: .init("name.control-like", "a first frame with / gets an error, no name")
        case .sayToSelf: .init("say.not-self", "the sender receives its own text")
        case .sayEverywhere: .init("say.not-elsewhere", "every client receives every text")
        case .sayToOne: .init("say.broadcast", "only one member receives a text")
        case .sayWithoutName: .init("say.broadcast", "a text goes out without [name]")
        case .listToAll: .init("list.private", "the asker's whole channel receives the list")
        case .listOmitsLast: .init("list.names", "the newest channel is not in the list")
        case .listRepeats: .init("list.names", "the first channel is twice in the list")
        case .listWithEmptyLine: .init("list.no-empty-lines", "the list begins with an empty line")
        }
    }

    func perform(
        _ request: PaddedRequest,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client else {
            return name(request, on: &server, into: &effects)
        }
        switch request.command {
        case .say:
            guard let room = client.room else { return false }
            let members = server.rooms.members[room]
            return say(request.message, by: client, in: members, on: server, into: &effects)
        case .list:
            return list(to: client, on: server, into: &effects)
        case .blank, .join, .create, .joinNothing, .createNothing, .unknown:
            return false
        }
    }

    private func name(
        _ request: PaddedRequest,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        if self == .nameAnswered {
            PaddedFrame.append(
                PaddedText(parts: ["Welcome, ", ""]),
                request.message.span,
                to: &effects.payloads
            )
            effects.reply(to: request.connection)
        }
        guard self == .nameObeyed, request.message.first == UInt8(ascii: "/") else { return false }
        PaddedFrame.append(.unknownControl, request.message.span, to: &effects.payloads)
        effects.reply(to: request.connection)
        return true
    }

    private func say(
        _ text: [UInt8],
        by client: PaddedClient,
        in members: MemberList,
        on server: PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        if self == .sayWithoutName {
            PaddedFrame.append(PaddedText(parts: ["", ""]), text.span, to: &effects.payloads)
            effects.deliver(to: members, except: client.connection)
            return true
        }
        PaddedFrame.append(saidBy: client.name.span, text.span, to: &effects.payloads)
        switch self {
        case .sayToSelf:
            effects.deliver(to: members)
        case .sayEverywhere:
            effects.deliver(to: server.sessions.connections, except: client.connection)
        case .sayToOne:
            var one = MemberList()
            let others = members.connections.filter { $0 != client.connection }
            if let first = others.min(by: { $0.slot < $1.slot }) { one.insert(first) }
            effects.deliver(to: one)
        case .nameAnswered, .nameObeyed, .sayWithoutName, .listToAll, .listOmitsLast, .listRepeats,
            .listWithEmptyLine:
            effects.deliver(to: members, except: client.connection)
        }
        return true
    }

    private func list(
        to client: PaddedClient,
        on server: PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let names = server.rooms.names
        switch self {
        case .listToAll:
            PaddedFrame.append(list: names, to: &effects.payloads)
            if let room = client.room {
                effects.deliver(to: server.rooms.members[room])
            } else {
                effects.reply(to: client.connection)
            }
        case .listOmitsLast:
            PaddedFrame.append(list: names.dropLast(), to: &effects.payloads)
        case .listRepeats:
            PaddedFrame.append(list: names.prefix(1) + names, to: &effects.payloads)
        case .listWithEmptyLine:
            let first = names.first.map { [[0x0A] + $0] } ?? []
            PaddedFrame.append(list: first + names.dropFirst(), to: &effects.payloads)
        case .nameAnswered, .nameObeyed, .sayToSelf, .sayEverywhere, .sayToOne, .sayWithoutName:
            return false
        }
        effects.reply(to: client.connection)
        return true
    }
}
