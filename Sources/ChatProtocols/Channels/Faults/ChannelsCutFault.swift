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
        return MeddledServer(server, ChannelsCutMeddler(self))
    }
}

private struct ChannelsCutMeddler: ChannelsMeddler {
    var cutter: LineMiscutter
    /// Where texts are swapped.
    var swapper: TextSwapper?

    init(_ fault: ChannelsCutFault) {
        cutter = LineMiscutter(fault)
        if fault == .swapsTexts { swapper = TextSwapper(beginning: "SAY ") }
    }

    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        cutter.lines(bytes, from: connection)
            .flatMap { swapper?.order($0, from: connection) ?? [$0] }
            .flatMap { $0 + [0x0A] }
    }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        cutter.forget(event)
        swapper?.forget(event)
        return [event]
    }
}
