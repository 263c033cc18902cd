// SPDX-License-Identifier: Apache-2.0

/// Faults in reading what a whole frame says.
enum PaddedContentFault: String, FaultFamily {
    case losesLastByte = "loses-the-200th-byte"
    case collapsesSpaces = "collapses-spaces"
    case stripsBothEnds = "strips-leading-spaces"
    case keepsNewline = "keeps-a-trailing-newline"
    case lowercases = "lowers-the-case"
    case asciiOnly = "replaces-what-is-not-ascii"

    var meaning: FaultMeaning {
        switch self {
        case .losesLastByte: .init("framing.full-width", "the 200th byte counts as a terminator")
        case .collapsesSpaces: .init("framing.inner-spaces", "a run of spaces becomes one space")
        case .stripsBothEnds: .init("framing.leading-spaces", "leading spaces are stripped, too")
        case .keepsNewline: .init("framing.trailing-whitespace", "only spaces are stripped")
        case .lowercases: .init("say.verbatim", "capital letters become small ones")
        case .asciiOnly: .init("say.unicode", "each byte that is not ASCII becomes a question mark")
        }
    }

    func makeServer(_: ServerConfiguration) -> any ChatServer {
        PaddedMisreadingServer(fault: self)
    }
}

private struct PaddedMisreadingServer: ChatServer {
    let fault: PaddedContentFault
    var server = PaddedServer()
    var cutter = PaddedCutter()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for frame in cutter.frames(bytes, from: connection) {
            server.act(on: misread(frame).span, from: connection, into: &effects)
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        server.handle(event, into: &effects)
    }

    private func misread(_ frame: [UInt8]) -> [UInt8] {
        let space = UInt8(ascii: " ")
        let message = Array(frame[PaddedCommand.message(in: frame.span)])
        switch fault {
        case .losesLastByte:
            let kept = Array(frame.dropLast())
            return Array(kept[PaddedCommand.message(in: kept.span)])
        case .collapsesSpaces:
            return message.indices.filter { index in
                index == 0 || message[index] != space || message[index - 1] != space
            }.map { message[$0] }
        case .stripsBothEnds:
            return Array(message.drop { $0 == space })
        case .keepsNewline:
            return Array(frame.prefix((frame.lastIndex { $0 != space } ?? -1) + 1))
        case .lowercases:
            return message.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        case .asciiOnly:
            return message.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        }
    }
}
