// SPDX-License-Identifier: Apache-2.0

/// Faults in what lines say.
enum ChannelsOutputFault: String, ChannelsLineFault {
    case silent = "answers-nothing"
    case smallResults = "answers-in-small-letters"
    case createWithoutChannel = "create-result-has-no-channel"
    case joinWithoutChannel = "join-result-has-no-channel"
    case doubles = "delivers-twice"
    case losesSome = "loses-every-40th-message"
    case doublesSome = "doubles-every-40th-message"
    case echoesTwice = "echoes-twice"
    case noEcho = "does-not-echo"
    case onlyEchoes = "only-echoes"
    case withoutChannel = "recv-has-no-channel"
    case withColons = "recv-has-colons"
    case wrongSender = "recv-names-the-receiver"
    case confirmsSay = "say-is-confirmed"
    case sayErrorForm = "say-error-is-no-result"
    case listsSpaces = "list-has-no-commas"
    case listsOneLess = "list-leaves-the-last-one-out"
    case listsNone = "list-is-empty"
    case noHistory = "tells-no-history"
    case historyBackwards = "tells-history-backwards"
    case historyTwice = "tells-history-twice"

    var meaning: FaultMeaning {
        switch self {
        case .silent: .init("register.ok", "nothing is ever answered")
        case .smallResults: .init("login.ok", "\"result login 1\" in small letters")
        case .createWithoutChannel: .init("create.ok", "\"RESULT CREATE 1\" without the channel")
        case .joinWithoutChannel: .init("join.ok", "\"RESULT JOIN 1\" without the channel")
        case .doubles: .init("say.delivers", "each message reaches the others twice")
        case .losesSome: .init("concurrency.many", "every 40th message is lost for a receiver")
        case .doublesSome: .init("concurrency.many", "every 40th message comes twice to a receiver")
        case .echoesTwice: .init("say.echo", "the sender gets its message twice")
        case .noEcho: .init("say.echo", "the sender does not get its message")
        case .onlyEchoes: .init("say.delivers", "nobody but the sender gets a message")
        case .withoutChannel: .init("say.delivers", "RECV has no channel")
        case .withColons: .init("say.delivers", "RECV has colons before its parts")
        case .wrongSender: .init("say.delivers", "RECV names who receives it as the sender")
        case .confirmsSay:
            .init("say.silent-success", "RESULT SAY 1 stands before the sender's RECV")
        case .sayErrorForm:
            .init("say.error-form", "a refused SAY is answered \"ERROR not joined\"")
        case .listsSpaces: .init("channels.lists", "no commas stand between the names of the list")
        case .listsOneLess: .init("channels.lists", "the last channel is not in the list")
        case .listsNone: .init("channels.lists", "the list is always empty")
        case .noHistory: .init("history.context", "who joins is told nothing")
        case .historyBackwards: .init("history.context", "history is told newest first")
        case .historyTwice: .init("history.context", "history is told twice")
        }
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        if line.isToPeer { return [line.bytes] }
        return line.isRecv ? writeMessage(line, &state) : writeResult(line)
    }

    private func writeResult(_ line: ChannelsLineOut) -> [[UInt8]] {
        let words = line.words
        switch self {
        case .silent: return []
        case .smallResults: return [line.bytes.map(ChannelsFaultText.lowercased)]
        case .createWithoutChannel where words[1] == "CREATE".bytes,
            .joinWithoutChannel where words[1] == "JOIN".bytes:
            return [ChannelsFaultText.line(words[0], words[1], line.bytes.suffix(1))]
        case .sayErrorForm: return [words[1] == "SAY".bytes ? "ERROR not joined".bytes : line.bytes]
        case .listsSpaces, .listsOneLess, .listsNone:
            guard words[1] == "CHANNELS".bytes else { return [line.bytes] }
            return [list(line.server.listed.names)]
        case .createWithoutChannel, .joinWithoutChannel, .doubles, .losesSome, .doublesSome,
            .echoesTwice, .noEcho, .onlyEchoes, .withoutChannel, .withColons, .wrongSender,
            .confirmsSay, .noHistory, .historyBackwards, .historyTwice:
            return [line.bytes]
        }
    }

    private func list(_ all: [[UInt8]]) -> [UInt8] {
        let names = self == .listsNone ? [] : self == .listsOneLess ? all.dropLast() : all
        let separator = self == .listsSpaces ? " ".bytes : ", ".bytes
        return "RESULT CHANNELS ".bytes + names.joined(separator: separator)
    }

    private func writeMessage(
        _ line: ChannelsLineOut,
        _ state: inout ChannelsFaultState
    ) -> [[UInt8]] {
        state.count += 1
        let (whole, parts) = (line.bytes, line.words)
        let isFortieth = state.count.isMultiple(of: 40)
        let isEcho = !line.isDelivery && parts[1] == receiver(of: line)
        let colon = ":".bytes
        switch self {
        case .doubles: return line.isDelivery ? [whole, whole] : [whole]
        case .losesSome: return isFortieth ? [] : [whole]
        case .doublesSome: return isFortieth ? [whole, whole] : [whole]
        case .echoesTwice: return isEcho ? [whole, whole] : [whole]
        case .noEcho: return isEcho ? [] : [whole]
        case .onlyEchoes: return line.isDelivery ? [] : [whole]
        case .withoutChannel: return [ChannelsFaultText.line(parts[0], parts[1], parts[3])]
        case .withColons:
            let marked = parts[1...].map { colon + $0 }
            return [ChannelsFaultText.line(parts[0], marked[0], marked[1], marked[2])]
        case .wrongSender:
            return [ChannelsFaultText.line(parts[0], receiver(of: line), parts[2], parts[3])]
        case .confirmsSay: return isEcho ? ["RESULT SAY 1".bytes, whole] : [whole]
        case .silent, .smallResults, .createWithoutChannel, .joinWithoutChannel, .sayErrorForm,
            .listsSpaces, .listsOneLess, .listsNone, .noHistory, .historyBackwards, .historyTwice:
            return [whole]
        }
    }

    private func receiver(of line: ChannelsLineOut) -> [UInt8] {
        line.server.client(line.connection).map { line.server.accounts[$0.user].name } ?? []
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = ChannelsServer(ChannelsSettings(configuration))
        switch self {
        case .noHistory, .historyBackwards, .historyTwice:
            return MeddledServer(server, ChannelsHistoryMeddler(fault: self))
        case .silent, .smallResults, .createWithoutChannel, .joinWithoutChannel, .doubles,
            .losesSome, .doublesSome, .echoesTwice, .noEcho, .onlyEchoes, .withoutChannel,
            .withColons, .wrongSender, .confirmsSay, .sayErrorForm, .listsSpaces, .listsOneLess,
            .listsNone:
            return MeddledServer(server, ChannelsLineMeddler(fault: self))
        }
    }
}

/// Damages what stands behind a RESULT JOIN in its payload: the history.
private struct ChannelsHistoryMeddler: ChannelsMeddler {
    let fault: ChannelsOutputFault

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var lines = payload.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        guard let start = lines.firstIndex(where: { $0.starts(with: "RESULT JOIN ".utf8) }) else {
            return payload
        }
        let history = Array(lines[(start + 1)...].prefix { $0.starts(with: "RECV ".utf8) })
        let behind = start + 1 + history.count
        switch fault {
        case .noHistory: lines.removeSubrange((start + 1)..<behind)
        case .historyBackwards:
            lines.replaceSubrange((start + 1)..<behind, with: history.reversed())
        case .historyTwice: lines.insert(contentsOf: history, at: behind)
        case .silent, .smallResults, .createWithoutChannel, .joinWithoutChannel, .doubles,
            .losesSome, .doublesSome, .echoesTwice, .noEcho, .onlyEchoes, .withoutChannel,
            .withColons, .wrongSender, .confirmsSay, .sayErrorForm, .listsSpaces, .listsOneLess,
            .listsNone:
            break
        }
        return lines.flatMap { $0 + [0x0A] }
    }
}
