// SPDX-License-Identifier: Apache-2.0

/// Faults in cutting the stream into lines.
enum HelloCutFault: String, FaultFamily {
    case readIsMessage = "each-read-is-a-message"
    case actsEarly = "acts-before-the-newline"
    case repeatsCutLines = "repeats-cut-lines"
    case firstLineOnly = "loses-coalesced-lines"
    case reversesLines = "reverses-coalesced-lines"
    case sharedBuffer = "mixes-connections"
    case fixedBuffer = "cuts-lines-at-1024-bytes"
    case swapsTexts = "swaps-two-texts"

    var meaning: FaultMeaning {
        switch self {
        case .readIsMessage: .init("framing.partial", "what a read brings is one message")
        case .actsEarly: .init("framing.newline", "a line counts before its newline is there")
        case .repeatsCutLines: .init("framing.partial", "a line in pieces is done twice")
        case .firstLineOnly: .init("framing.coalesced", "of the lines of a read one counts")
        case .reversesLines: .init("framing.coalesced", "the lines of a read are done backwards")
        case .sharedBuffer: .init("framing.per-connection", "half lines of all share one buffer")
        case .fixedBuffer: .init("framing.long-line", "only 1,024 bytes of a line count")
        case .swapsTexts: .init("send.order", "a client's third SEND is held until its fourth")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        MeddledServer(HelloServer(configuration), HelloCutMeddler(self))
    }
}

/// Does the lines itself: what the server cut anew would be two messages where one was wanted.
private struct HelloCutMeddler: Meddler {
    var cutter: LineMiscutter
    /// Where texts are swapped.
    var swapper: TextSwapper?

    init(_ fault: HelloCutFault) {
        cutter = LineMiscutter(fault)
        if fault == .swapsTexts { swapper = TextSwapper(beginning: "SEND ") }
    }

    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        for line in cutter.lines(bytes, from: connection) {
            for line in swapper?.order(line, from: connection) ?? [line] {
                server.act(on: line.span, from: connection, into: &effects)
            }
        }
        return []
    }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        cutter.forget(event)
        swapper?.forget(event)
        return [event]
    }
}
