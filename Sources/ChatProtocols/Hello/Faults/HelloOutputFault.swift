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
        HelloMissendingServer(fault: self, server: HelloServer(configuration))
    }
}

private struct HelloMissendingServer: ChatServer {
    let fault: HelloOutputFault
    var server: HelloServer
    var right = EffectBuffer()
    var deliveries = 0

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        let taken = server.receive(bytes, from: connection, into: &right)
        damage(into: &effects)
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        server.handle(event, into: &right)
        damage(into: &effects)
        if fault == .greets, case .connected(let connection) = event {
            effects.payloads.append("HELLO stranger\n")
            effects.reply(to: connection)
        }
    }

    private mutating func damage(into effects: inout EffectBuffer) {
        var deliveries = deliveries
        effects.append(right) { payload, _ in
            var damaged: [UInt8] = []
            for line in payload.split(separator: 0x0A) {
                let isDelivery = line.starts(with: Array("DELIVERY ".utf8))
                if isDelivery { deliveries += 1 }
                damaged += damage(Array(line), isDelivery: isDelivery, number: deliveries)
            }
            return damaged
        }
        self.deliveries = deliveries
        right.removeAll()
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
