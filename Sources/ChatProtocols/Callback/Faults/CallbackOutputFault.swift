// SPDX-License-Identifier: Apache-2.0

/// Faults in writing lines and in sending them.
enum CallbackOutputFault: String, FaultFamily {
    case carriageReturn = "ends-lines-with-carriage-return"
    case withoutNewline = "leaves-the-newline-out"
    case twoNewlines = "ends-lines-with-two-newlines"
    case numberOnly = "answers-with-numbers-only"
    case ownWords = "answers-in-its-own-words"
    case shortDelivered = "says-message-delivery-success"
    case doublesSome = "doubles-every-40th-delivery"
    case doubles = "delivers-twice"
    case silent = "answers-nothing"

    var meaning: FaultMeaning {
        switch self {
        case .carriageReturn: .init("framing.newline", "lines end with CR and LF")
        case .withoutNewline: .init("framing.newline", "lines end with nothing")
        case .twoNewlines: .init("framing.newline", "lines end with two LFs")
        case .numberOnly: .init("replies.exact", "status lines have no text behind the number")
        case .ownWords: .init("replies.exact", "status lines say \"was\" before their last word")
        case .shortDelivered: .init("replies.delivery-text", "303 says success, not successful")
        case .doublesSome: .init("concurrency.interleaved", "every 40th delivery comes twice")
        case .doubles: .init("to.delivers", "each delivery comes twice")
        case .silent: .init("login.ok", "nothing is ever answered")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        MeddledServer(CallbackServer(configuration), CallbackOutputMeddler(fault: self))
    }
}

private struct CallbackOutputMeddler: Meddler {
    let fault: CallbackOutputFault
    var deliveries = 0

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var damaged: [UInt8] = []
        for line in payload.split(separator: 0x0A) {
            if isDelivery { deliveries += 1 }
            damaged += damage(Array(line), isDelivery: isDelivery, number: deliveries)
        }
        return damaged
    }

    private func damage(_ text: [UInt8], isDelivery: Bool, number: Int) -> [UInt8] {
        let line = text + [0x0A]
        let isList = text.starts(with: "301".utf8)
        let words = text.split(separator: 0x20)
        switch fault {
        case .carriageReturn: return text + [0x0D, 0x0A]
        case .withoutNewline: return text
        case .twoNewlines: return line + [0x0A]
        case .numberOnly: return isDelivery || isList ? line : Array(text.prefix(3)) + [0x0A]
        case .ownWords:
            guard !isDelivery, !isList, let last = words.last else { return line }
            return text.dropLast(last.count) + Array("was ".utf8) + last + [0x0A]
        case .shortDelivered:
            let isDelivered = line == CallbackText.delivered.bytes
            return isDelivered ? text.dropLast(3) + [0x0A] : line
        case .doublesSome: return isDelivery && number.isMultiple(of: 40) ? line + line : line
        case .doubles: return isDelivery ? line + line : line
        case .silent: return isDelivery ? line : []
        }
    }
}
