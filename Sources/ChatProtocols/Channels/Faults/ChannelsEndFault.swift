// SPDX-License-Identifier: Apache-2.0

/// Faults in how lines end.
enum ChannelsEndFault: String, FaultFamily {
    case carriageReturn = "ends-lines-with-carriage-return"
    case withoutNewline = "leaves-the-newline-out"
    case twoNewlines = "ends-lines-with-two-newlines"

    var meaning: FaultMeaning {
        switch self {
        case .carriageReturn: .init("framing.newline", "lines end with CR and LF")
        case .withoutNewline: .init("framing.newline", "lines end with nothing")
        case .twoNewlines: .init("framing.newline", "lines end with two LFs")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        MeddledServer(
            ChannelsServer(ChannelsSettings(configuration)), ChannelsEndMeddler(fault: self))
    }
}

private struct ChannelsEndMeddler: ChannelsMeddler {
    let fault: ChannelsEndFault

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        payload.flatMap { byte -> [UInt8] in
            guard byte == 0x0A else { return [byte] }
            return switch fault {
            case .carriageReturn: [0x0D, 0x0A]
            case .withoutNewline: []
            case .twoNewlines: [0x0A, 0x0A]
            }
        }
    }
}
