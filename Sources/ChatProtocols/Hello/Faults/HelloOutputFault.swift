// SPDX-License-Identifier: Apache-2.0

/// Faults in writing lines and in sending them.
enum HelloOutputFault: String, FaultFamily {
    case greets = "greets"
    case carriageReturn = "ends-lines-with-carriage-return"
    case withoutNewline = "leaves-the-newline-out"
    case relaysAsSend = "relays-as-send"
    case confirmsWithName = "adds-words-to-answers"
    case losesSome = "loses-every-40th-delivery"
    case doublesSome = "doubles-every-40th-delivery"
    case doubles = "delivers-twice"
    case silent = "answers-nothing"

    var meaning: FaultMeaning {
        switch self {
        case .greets: .init("connect.silent", "a new connection is greeted")
        case .carriageReturn: .init("framing.newline", "lines end with CR and LF")
        case .withoutNewline: .init("framing.newline", "lines end with nothing")
        case .relaysAsSend: .init("messages.only-known", "a delivery is called SEND")
        case .confirmsWithName: .init("messages.only-known", "SEND-OK has a word behind it")
        case .losesSome: .init("concurrency.interleaved", "every 40th delivery is lost")
        case .doublesSome: .init("concurrency.interleaved", "every 40th delivery comes twice")
        case .doubles: .init("send.ok", "each delivery comes twice")
        case .silent: .init("login.hello", "nothing is ever answered")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        MeddledServer(HelloServer(configuration), HelloOutputMeddler(fault: self))
    }
}

private struct HelloOutputMeddler: Meddler {
    let fault: HelloOutputFault
    var deliveries = 0

    mutating func tell(
        _ event: ServerEvent,
        to server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        if fault == .greets, case .connected(let connection) = event {
            effects.payloads.append("HELLO stranger\n")
            effects.reply(to: connection)
        }
        return [event]
    }

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var damaged: [UInt8] = []
        for line in payload.split(separator: 0x0A) {
            let isDelivery = line.starts(with: "DELIVERY ".utf8)
            if isDelivery { deliveries += 1 }
            damaged += damage(Array(line), isDelivery: isDelivery, number: deliveries)
        }
        return damaged
    }

    private func damage(_ text: [UInt8], isDelivery: Bool, number: Int) -> [UInt8] {
        let line = text + [0x0A]
        let isFortieth = isDelivery && number.isMultiple(of: 40)
        switch fault {
        case .greets: return line
        case .carriageReturn: return text + [0x0D, 0x0A]
        case .withoutNewline: return text
        case .relaysAsSend: return isDelivery ? Array("SEND".utf8) + line.dropFirst(8) : line
        case .confirmsWithName: return line == HelloText.sendOK.bytes ? text + " done\n".utf8 : line
        case .losesSome: return isFortieth ? [] : line
        case .doublesSome: return isFortieth ? line + line : line
        case .doubles: return isDelivery ? line + line : line
        case .silent: return []
        }
    }
}
