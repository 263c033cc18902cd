// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Faults in writing responses.
enum JSONChatOutputFault: String, FaultFamily {
    case noSender = "leaves-out-the-sender"
    case extraField = "adds-a-field"
    case otherWord = "says-success-for-info"
    case nullTimestamp = "timestamps-are-null"
    case serverSends = "the-server-is-every-sender"
    case saysMsg = "says-msg-for-message"
    case losesSome = "loses-every-40th-delivery"
    case doubles = "delivers-twice"

    var meaning: FaultMeaning {
        switch self {
        case .noSender: .init("envelope.fields", "an info has no sender")
        case .extraField: .init("envelope.no-other-fields", "responses have a fifth field")
        case .otherWord: .init("envelope.response-type", "the response to names is a success")
        case .nullTimestamp: .init("envelope.timestamp", "the timestamp of an error is null")
        case .serverSends: .init("envelope.sender", "the sender of a message is the server")
        case .saysMsg: .init("msg.response-name", "the response to msg is called msg")
        case .losesSome: .init("concurrency.interleaved", "every 40th delivery is lost")
        case .doubles: .init("msg.broadcast", "what others cause arrives twice")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        MeddledServer(
            JSONChatServer(JSONChatSettings(configuration)), JSONChatOutputMeddler(fault: self))
    }

    /// What is written in place of a response.
    fileprivate func damage(_ response: [JSONMember]) -> [JSONMember] {
        let word = JSONValue.object(response)["response"]?.value.text
        switch self {
        case .noSender where word == "info": return response.filter { !has($0, "sender") }
        case .extraField: return response + [member("id", .number(JSONNumber(1)))]
        case .otherWord where word == "info": return with(response, "response", .text("success"))
        case .nullTimestamp where word == "error": return with(response, "timestamp", .null)
        case .serverSends where word == "message": return with(response, "sender", .text("server"))
        case .saysMsg where word == "message": return with(response, "response", .text("msg"))
        case .noSender, .otherWord, .nullTimestamp, .serverSends, .saysMsg, .losesSome, .doubles:
            return response
        }
    }

    private func has(_ member: JSONMember, _ key: String) -> Bool {
        member.key.elementsEqual(key.utf8)
    }

    private func member(_ key: String, _ value: JSONValue) -> JSONMember {
        JSONMember(key: Array(key.utf8), node: JSONNode(value))
    }

    private func with(
        _ response: [JSONMember],
        _ key: String,
        _ value: JSONValue
    ) -> [JSONMember] {
        response.map { has($0, key) ? member(key, value) : $0 }
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String) -> JSONValue { .string(Array(text.utf8)) }
}

private struct JSONChatOutputMeddler: Meddler {
    let fault: JSONChatOutputFault
    var deliveries = 0

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var damaged: [UInt8] = []
        for line in payload.split(separator: 0x0A) {
            if isDelivery { deliveries += 1 }
            if isDelivery, fault == .losesSome, deliveries % 40 == 0 { continue }
            damaged += rewritten(line)
            if isDelivery, fault == .doubles { damaged += rewritten(line) }
        }
        return damaged
    }

    private func rewritten(_ line: ArraySlice<UInt8>) -> [UInt8] {
        guard let value = try? JSONReader.parse(whole: line, limits: .init(maximumBytes: 1 << 30)),
            let members = value.value.members
        else { return line + [0x0A] }
        var writer = JSONWriter()
        writer.value(JSONValue.object(fault.damage(members)))
        return writer.bytes + [0x0A]
    }
}
