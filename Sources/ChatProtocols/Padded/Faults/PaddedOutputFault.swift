// SPDX-License-Identifier: Apache-2.0

/// Faults in writing frames and in sending them.
enum PaddedOutputFault: String, FaultFamily {
    case padsWithZero = "pads-with-zero-bytes"
    case unpadded = "does-not-pad"
    case addsNewline = "adds-a-newline"
    case padsCharacters = "pads-by-characters"
    case losesSome = "loses-every-40th-delivery"
    case doubles = "delivers-twice"

    var meaning: FaultMeaning {
        switch self {
        case .padsWithZero: .init("framing.exact-width", "frames are padded with NUL")
        case .unpadded: .init("framing.exact-width", "frames are not padded")
        case .addsNewline: .init("framing.exact-width", "each frame is followed by a newline")
        case .padsCharacters: .init("framing.bytes", "200 counts characters, not bytes")
        case .losesSome: .init("concurrency.many", "every 40th delivery to a client is lost")
        case .doubles: .init("say.broadcast", "what others cause arrives twice")
        }
    }

    func makeServer(_: ServerConfiguration) -> any ChatServer {
        MeddledServer(PaddedServer(), PaddedOutputMeddler(fault: self))
    }
}

private struct PaddedOutputMeddler: Meddler {
    let fault: PaddedOutputFault
    var deliveries = 0

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var damaged: [UInt8] = []
        for start in stride(from: 0, to: payload.count, by: 200) {
            let frame = Array(payload[start..<min(start + 200, payload.count)])
            if isDelivery { deliveries += 1 }
            damaged += damage(frame, isDelivery: isDelivery, number: deliveries)
        }
        return damaged
    }

    private func damage(_ frame: [UInt8], isDelivery: Bool, number: Int) -> [UInt8] {
        let end = (frame.lastIndex { $0 != UInt8(ascii: " ") } ?? -1) + 1
        switch fault {
        case .padsWithZero:
            return Array(frame[..<end]) + repeatElement(0, count: frame.count - end)
        case .unpadded:
            return Array(frame[..<end])
        case .addsNewline:
            return frame + [0x0A]
        case .padsCharacters:
            let continuations = frame.filter { $0 & 0xC0 == 0x80 }.count
            return frame + repeatElement(UInt8(ascii: " "), count: continuations)
        case .losesSome:
            return isDelivery && number.isMultiple(of: 40) ? [] : frame
        case .doubles:
            return isDelivery ? frame + frame : frame
        }
    }
}
