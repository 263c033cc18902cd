// SPDX-License-Identifier: Apache-2.0

/// Faults in what is said to other servers: lines that are lost, or written wrongly.
enum ChannelsPeerFault: String, ChannelsLineFault {
    case neverAsks = "does-not-ask-to-federate"
    case neverConfirms = "does-not-confirm"
    case noChannels = "tells-peers-no-channels"
    case noChannelsDialled = "tells-no-channels-to-who-connects"
    case noNews = "tells-peers-no-new-channels"
    case noJoins = "sends-no-joins"
    case joinNamesHost = "join-and-say-name-the-peer"
    case ownPort = "calls-itself-by-its-port"
    case noJoinAnswer = "does-not-answer-peers-joins"
    case alwaysJoined = "answers-every-join-of-a-peer-with-1"
    case joinAnswerPlain = "join-answer-has-no-host"
    case noSays = "sends-no-says"
    case noRecvs = "sends-no-fedrecv"
    case recvPlain = "fedrecv-has-no-hosts"
    case noEcho = "does-not-echo-to-peers"
    case onePeer = "tells-one-peer-alone"

    var meaning: FaultMeaning {
        switch self {
        case .neverAsks: .init("fed.out", "FEDERATE-OUT is not sent")
        case .neverConfirms: .init("fed.confirm", "FEDERATE-CONFIRM is not sent")
        case .noChannels: .init("fed.channels", "FEDCHANNELS is never sent")
        case .noChannelsDialled: .init("fed.channels-both", "who connects is told no channels")
        case .noNews: .init("fed.new", "FEDNEW is not sent")
        case .noJoins: .init("fed.join", "FEDJOIN is not sent")
        case .joinNamesHost: .init("fed.join-form", "the channel stands there with the peer's host")
        case .ownPort: .init("fed.join-form", "users stand there with a port behind the host")
        case .noJoinAnswer: .init("fed.join-answer", "FEDJOIN is not answered")
        case .alwaysJoined: .init("fed.join-answer", "FEDJOIN of no channel is answered 1")
        case .joinAnswerPlain: .init("fed.join-answer-form", "the answer has the channel alone")
        case .noSays: .init("fed.say", "FEDSAY is not sent")
        case .noRecvs: .init("fed.recv", "FEDRECV is not sent")
        case .recvPlain: .init("fed.recv-form", "sender and channel stand there without host")
        case .noEcho: .init("fed.echo", "what a peer's user says is not sent back to it")
        case .onePeer: .init("fed.three", "talk goes to the first peer alone")
        }
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        guard line.isToPeer else { return [line.bytes] }
        let isLost = losesLine(line, &state)
        return isLost ? [] : [rewritten(line)]
    }

    private func losesLine(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> Bool {
        let word = line.words[0]
        switch self {
        case .neverAsks: return word == "FEDERATE-OUT".bytes
        case .neverConfirms: return word == "FEDERATE-CONFIRM".bytes
        case .noChannels: return word == "FEDCHANNELS".bytes
        case .noChannelsDialled:
            let isDialled = line.server.federation.links[line.connection]?.dial != nil
            return word == "FEDCHANNELS".bytes && !isDialled
        case .noNews: return word == "FEDNEW".bytes
        case .noJoins: return word == "FEDJOIN".bytes
        case .noJoinAnswer: return word == "FEDRESULT".bytes && line.words[2] == "JOIN".bytes
        case .noSays: return word == "FEDSAY".bytes
        case .noRecvs: return word == "FEDRECV".bytes
        case .noEcho:
            let receiver = line.words.count > 2 ? line.words[1] : []
            return word == "FEDRECV".bytes && line.words[2].starts(with: receiver + "@".bytes)
                && !line.words[2].suffix(line.server.federation.ownName.count)
                    .elementsEqual(line.server.federation.ownName)
        case .onePeer:
            guard word == "FEDRECV".bytes else { return false }
            if state.connections.isEmpty { state.connections.insert(line.connection) }
            return !state.connections.contains(line.connection)
        case .joinNamesHost, .ownPort, .alwaysJoined, .joinAnswerPlain, .recvPlain: return false
        }
    }

    private func rewritten(_ line: ChannelsLineOut) -> [UInt8] {
        let words = line.words
        let isRequest = words[0] == "FEDJOIN".bytes || words[0] == "FEDSAY".bytes
        let isJoinAnswer = words[0] == "FEDRESULT".bytes && words[2] == "JOIN".bytes
        switch self {
        case .joinNamesHost where isRequest:
            let peer = line.server.federation.peer(of: line.connection) ?? []
            var words = words
            words[2] += ":".bytes + peer
            return Array(words.joined(separator: [0x20]))
        case .ownPort where isRequest:
            var words = words
            words[1] += ":4400".bytes
            return Array(words.joined(separator: [0x20]))
        case .alwaysJoined where isJoinAnswer:
            return line.bytes.dropLast() + "1".bytes
        case .joinAnswerPlain where isJoinAnswer:
            let name = words[3].prefix { $0 != UInt8(ascii: ":") }
            return ChannelsFaultText.line(
                words[0], words[1], words[2], Array(name), Array(line.bytes.suffix(1)))
        case .recvPlain where words[0] == "FEDRECV".bytes:
            let rest = words[3].split(separator: 0x20, maxSplits: 1).map { Array($0) }
            let from = words[2].prefix { $0 != UInt8(ascii: "@") }
            let channel = rest[0].prefix { $0 != UInt8(ascii: ":") }
            return ChannelsFaultText.line(
                words[0], words[1], Array(from), Array(channel), rest.last ?? [])
        case .neverAsks, .neverConfirms, .noChannels, .noChannelsDialled, .noNews, .noJoins,
            .joinNamesHost, .ownPort, .noJoinAnswer, .alwaysJoined, .joinAnswerPlain, .noSays,
            .noRecvs, .recvPlain, .noEcho, .onePeer:
            return line.bytes
        }
    }
}
