// SPDX-License-Identifier: Apache-2.0

/// Faults in what other servers say, and in what clients see of them.
enum ChannelsHearingFault: String, ChannelsLineFault {
    case ignoresNews = "ignores-new-channels-of-peers"
    case ignoresSays = "ignores-what-peers-users-say"
    case ignoresDialledJoins = "ignores-joins-of-who-was-dialled"
    case refusesAgain = "refuses-a-join-of-a-member"
    case guestsNeedNotJoin = "guests-need-not-join"
    case recvForAll = "fedrecv-reaches-everyone"
    case trustsHosts = "trusts-the-hosts-of-fedrecv"
    case malformedCloses = "a-malformed-line-ends-the-link"
    case listsNoPeers = "lists-no-channels-of-peers"
    case listsPorts = "lists-peers-with-their-port"
    case listsOwnHost = "lists-own-channels-with-the-host"
    case guestsPlain = "guests-are-shown-without-host"
    case oneName = "guests-are-taken-for-users"
    case echoWithHost = "shows-the-own-host"
    case allowsMarks = "allows-marks-in-names"
    case joinsNowhere = "join-at-an-unknown-host-succeeds"
    case silentWhenDown = "does-not-answer-while-a-peer-is-down"

    var meaning: FaultMeaning {
        switch self {
        case .ignoresNews: .init("fed.new", "FEDNEW is ignored")
        case .ignoresSays: .init("fed.say", "FEDSAY is ignored")
        case .ignoresDialledJoins:
            .init("fed.end-to-end", "FEDJOIN is ignored on a link that was dialled")
        case .refusesAgain: .init("fed.join-again", "FEDJOIN of a member is answered 0")
        case .guestsNeedNotJoin:
            .init("fed.say-not-joined", "what a guest says who has not joined is told")
        case .recvForAll: .init("fed.recv", "a FEDRECV is told everyone who is logged in")
        case .trustsHosts:
            .init("fed.spoofing", "a FEDRECV is told under the host that its channel has")
        case .malformedCloses: .init("fed.peer-malformed", "a malformed line ends the link")
        case .listsNoPeers: .init("fed.list", "channels of peers are not listed")
        case .listsPorts: .init("fed.list-form", "a port stands behind the hosts of the list")
        case .listsOwnHost: .init("fed.compatible", "own channels are listed with a host")
        case .guestsPlain: .init("fed.say", "guests are shown without host")
        case .oneName:
            .init("fed.no-clash", "a guest by the name of a user here is shown as that user")
        case .echoWithHost: .init("fed.echo-form", "users see themselves with a host elsewhere")
        case .allowsMarks: .init("fed.names", "names with @ and : are answered 1")
        case .joinsNowhere: .init("fed.unknown-host", "JOIN at an unknown host is answered 1")
        case .silentWhenDown: .init("fed.peer-down", "JOIN and SAY to no link are not answered")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        if let link = request.server.federation.links[request.connection] {
            return hear(ChannelsLinkLine(request.line.span), link, request)
        }
        switch request.command {
        case .register(let user, _) where self == .allowsMarks && hasMark(request.part(user)):
            return .answer(["RESULT REGISTER 1".bytes])
        case .create(let name) where self == .allowsMarks && hasMark(request.part(name)):
            let name = request.part(name)
            return .answer([ChannelsFaultText.line("RESULT CREATE".bytes, name, "1".bytes)])
        case .join(let channel):
            guard isUnlinked(request.part(channel), request) else { return .right }
            let name = request.part(channel)
            let success = ChannelsFaultText.line("RESULT JOIN".bytes, name, "1".bytes)
            if self == .joinsNowhere { return .answer([success]) }
            return self == .silentWhenDown ? .answer([]) : .right
        case .say(let channel, _) where self == .silentWhenDown:
            return isUnlinked(request.part(channel), request) ? .answer([]) : .right
        case .register, .login, .create, .say, .channels, .ignored:
            return .right
        }
    }

    private func hasMark(_ name: [UInt8]) -> Bool {
        name.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ":") }
    }

    private func isUnlinked(_ channel: [UInt8], _ request: ChannelsRequest) -> Bool {
        guard let host = ChannelsAwayChannel(channel)?.host else { return false }
        let federation = request.server.federation
        return host != federation.ownName && federation.link(to: host) == nil
    }

    private func hear(
        _ line: ChannelsLinkLine,
        _ link: ChannelsLink,
        _ request: ChannelsRequest
    ) -> ChannelsReading {
        guard case .confirmed(let peer) = link.state else { return .right }
        switch line {
        case .new: return self == .ignoresNews ? .answer([]) : .right
        case .join(let user, let channel):
            if self == .ignoresDialledJoins, link.dial != nil { return .answer([]) }
            let isAgain = self == .refusesAgain && isGuest(user, peer, of: channel, request)
            return isAgain ? .answer([refusal("JOIN", user, channel, request)]) : .right
        case .say(let user, let channel, let text):
            if self == .ignoresSays { return .answer([]) }
            guard self == .guestsNeedNotJoin, !isGuest(user, peer, of: channel, request) else {
                return .right
            }
            let guest = ChannelsUser(name: user.name, host: peer).shown
            let told = ChannelsFaultText.line("RECV".bytes, guest, channel.name, text)
            let members = request.server.directory.find(channel.name).map {
                request.server.directory[$0].online.connections
            }
            return .deliver(told, to: members ?? [], answer: [])
        case .recv(let to, let from, let channel, let text):
            return recv(to, from, channel, text, peer, request)
        case .ignored: return self == .malformedCloses ? .close : .right
        case .confirm, .channels, .joinResult, .sayResult: return .right
        }
    }

    private func recv(
        _ to: ChannelsReceivedName,
        _ from: ChannelsReceivedName,
        _ channel: ChannelsReceivedName,
        _ text: [UInt8],
        _ peer: [UInt8],
        _ request: ChannelsRequest
    ) -> ChannelsReading {
        let accounts = request.server.accounts
        let host = self == .trustsHosts ? channel.host ?? peer : peer
        let away = ChannelsAwayChannel(name: channel.name, host: host)
        let speaker = ChannelsUser(name: from.name, host: from.host ?? peer)
        let line = ChannelsFaultText.line("RECV".bytes, speaker.shown, away.shown, text)
        switch self {
        case .recvForAll:
            return .deliver(line, to: accounts.accounts.compactMap(\.connection), answer: [])
        case .trustsHosts:
            guard host != peer, let user = accounts.find(to.name) else { return .right }
            return .deliver(line, to: [accounts[user].connection].compactMap { $0 }, answer: [])
        case .ignoresNews, .ignoresSays, .ignoresDialledJoins, .refusesAgain, .guestsNeedNotJoin,
            .malformedCloses, .listsNoPeers, .listsPorts, .listsOwnHost, .guestsPlain, .oneName,
            .echoWithHost, .allowsMarks, .joinsNowhere, .silentWhenDown:
            return .right
        }
    }

    private func isGuest(
        _ user: ChannelsReceivedName,
        _ peer: [UInt8],
        of channel: ChannelsReceivedName,
        _ request: ChannelsRequest
    ) -> Bool {
        guard let channel = request.server.directory.find(channel.name) else { return false }
        let guest = ChannelsUser(name: user.name, host: peer)
        return request.server.directory.isMember(guest, of: channel)
    }

    private func refusal(
        _ type: String,
        _ user: ChannelsReceivedName,
        _ channel: ChannelsReceivedName,
        _ request: ChannelsRequest
    ) -> [UInt8] {
        let name = channel.name + ":".bytes + request.server.federation.ownName
        return ChannelsFaultText.line(
            "FEDRESULT".bytes, user.name, type.bytes, name, "0".bytes)
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        if line.isToPeer { return [line.bytes] }
        if line.isRecv { return [message(line)] }
        let isList = line.bytes.starts(with: "RESULT CHANNELS ".utf8)
        return [isList ? list(line) : line.bytes]
    }

    private func list(_ line: ChannelsLineOut) -> [UInt8] {
        let colon = UInt8(ascii: ":")
        var names = line.server.listed.names
        switch self {
        case .listsNoPeers: names.removeAll { $0.contains(colon) }
        case .listsPorts: names = names.map { $0.contains(colon) ? $0 + ":4400".bytes : $0 }
        case .listsOwnHost:
            let own = ":".bytes + line.server.federation.ownName
            names = names.map { $0.contains(colon) ? $0 : $0 + own }
        case .ignoresNews, .ignoresSays, .ignoresDialledJoins, .refusesAgain, .guestsNeedNotJoin,
            .recvForAll, .trustsHosts, .malformedCloses, .guestsPlain, .oneName, .echoWithHost,
            .allowsMarks, .joinsNowhere, .silentWhenDown:
            return line.bytes
        }
        return "RESULT CHANNELS ".bytes + names.joined(separator: ", ".bytes)
    }

    private func message(_ line: ChannelsLineOut) -> [UInt8] {
        var words = line.words
        let name = Array(words[1].prefix { $0 != UInt8(ascii: "@") })
        let isAway = words[2].contains(UInt8(ascii: ":"))
        switch self {
        case .guestsPlain where !isAway: words[1] = name
        case .oneName where line.server.accounts.find(name) != nil: words[1] = name
        case .echoWithHost where isAway && name == words[1]:
            words[1] += "@".bytes + line.server.federation.ownName
        case .ignoresNews, .ignoresSays, .ignoresDialledJoins, .refusesAgain, .guestsNeedNotJoin,
            .recvForAll, .trustsHosts, .malformedCloses, .listsNoPeers, .listsPorts,
            .listsOwnHost, .guestsPlain, .oneName, .echoWithHost, .allowsMarks, .joinsNowhere,
            .silentWhenDown:
            break
        }
        return Array(words.joined(separator: [0x20]))
    }
}
