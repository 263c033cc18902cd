// SPDX-License-Identifier: Apache-2.0

/// Faults in cutting the stream into lines.
enum ChannelsCutFault: String, FaultFamily {
    case readIsMessage = "each-read-is-a-message"
    case actsEarly = "acts-before-the-newline"
    case repeatsCutLines = "repeats-cut-lines"
    case breaksCharacters = "breaks-characters-that-are-cut"
    case firstLineOnly = "loses-coalesced-lines"
    case reversesLines = "reverses-coalesced-lines"
    case sharedBuffer = "mixes-connections"
    case swapsTexts = "swaps-two-texts"

    var meaning: FaultMeaning {
        switch self {
        case .readIsMessage: .init("framing.partial", "what a read brings is one message")
        case .actsEarly: .init("framing.newline", "a line counts before its newline is there")
        case .repeatsCutLines: .init("framing.partial", "a line in pieces is done twice")
        case .breaksCharacters: .init("framing.partial", "a character in two pieces is lost")
        case .firstLineOnly: .init("framing.coalesced", "of the lines of a read one counts")
        case .reversesLines: .init("framing.coalesced", "the lines of a read are done backwards")
        case .sharedBuffer: .init("framing.per-connection", "half lines of all share one buffer")
        case .swapsTexts: .init("say.order", "a client's third SAY is held until its fourth")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = ChannelsServer(ChannelsSettings(configuration))
        return MeddledServer(server, ChannelsCutMeddler(fault: self))
    }
}

private struct ChannelsCutMeddler: ChannelsMeddler {
    let fault: ChannelsCutFault
    var pending: [ConnectionID: [UInt8]] = [:]
    /// Connections whose line was acted on before its newline came.
    var early: Set<ConnectionID> = []
    var counts: [ConnectionID: Int] = [:]
    var held: [ConnectionID: [UInt8]] = [:]

    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        lines(bytes, from: connection).flatMap { order($0, from: connection) }
            .flatMap { $0 + [0x0A] }
    }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        if case .closed(let connection) = event {
            pending[connection] = nil
            early.remove(connection)
            counts[connection] = nil
            held[connection] = nil
        }
        return [event]
    }

    private mutating func lines(_ bytes: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        if fault == .readIsMessage { return [bytes.last == 0x0A ? bytes.dropLast() : bytes] }
        let shared = ConnectionID(slot: .max, generation: .max)
        let owner = fault == .sharedBuffer ? shared : connection
        let before = pending[owner] ?? []
        let bytes =
            fault == .breaksCharacters ? Array(String(decoding: bytes, as: UTF8.self).utf8) : bytes
        var lines = (before + bytes).split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { Array($0) }
        pending[owner] = lines.popLast()
        return damage(lines, wasCut: !before.isEmpty, owner)
    }

    private mutating func damage(
        _ lines: [[UInt8]],
        wasCut: Bool,
        _ owner: ConnectionID
    ) -> [[UInt8]] {
        switch fault {
        case .readIsMessage, .sharedBuffer, .swapsTexts, .breaksCharacters: return lines
        case .repeatsCutLines: return wasCut ? lines.prefix(1) + lines : lines
        case .firstLineOnly: return Array(lines.prefix(1))
        case .reversesLines: return lines.reversed()
        case .actsEarly: return actEarly(lines, owner)
        }
    }

    /// Takes a line for whole as soon as a read has brought some of it; the rest counts no more.
    private mutating func actEarly(_ lines: [[UInt8]], _ owner: ConnectionID) -> [[UInt8]] {
        var all = lines
        if early.contains(owner), !all.isEmpty {
            all.removeFirst()
            early.remove(owner)
        }
        guard let rest = pending[owner], !rest.isEmpty, early.insert(owner).inserted else {
            return all
        }
        return all + [rest]
    }

    private mutating func order(_ line: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        guard fault == .swapsTexts else { return [line] }
        if let earlier = held.removeValue(forKey: connection) { return [line, earlier] }
        guard line.starts(with: "SAY ".utf8) else { return [line] }
        counts[connection, default: 0] += 1
        guard counts[connection] == 3 else { return [line] }
        held[connection] = line
        return []
    }
}
