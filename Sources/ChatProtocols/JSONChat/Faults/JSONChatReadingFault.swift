// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Faults in what a value is taken to ask for.
enum JSONChatReadingFault: String, JSONChatConductFault {
    case requestFirst = "wants-the-request-first"
    case noExtraKeys = "refuses-unknown-keys"
    case nullIsNothing = "takes-null-for-missing"
    case numbersAreTexts = "takes-numbers-for-texts"
    case arraysAreObjects = "ignores-what-is-no-object"
    case missingIsEmpty = "takes-missing-for-empty"
    case asciiOnly = "replaces-what-is-not-ascii"
    case losesBackslashes = "loses-backslashes"
    case losesControls = "loses-control-characters"
    case cutsTexts = "cuts-texts-at-1000-bytes"

    var meaning: FaultMeaning {
        switch self {
        case .requestFirst: .init("framing.key-order", "an object must begin with its request")
        case .noExtraKeys: .init("framing.extra-keys", "an object with further keys is an error")
        case .nullIsNothing: .init("request.content-null", "a content of null is an error")
        case .numbersAreTexts: .init("error.wrong-type", "a content that is a number is a text")
        case .arraysAreObjects: .init("error.wrong-type", "values but objects are not answered")
        case .missingIsEmpty: .init("error.missing-field", "a missing content is an empty text")
        case .asciiOnly: .init("msg.unicode", "each byte that is not ASCII becomes a question mark")
        case .losesBackslashes: .init("msg.verbatim", "backslashes are left out of texts")
        case .losesControls: .init("msg.verbatim", "control characters are left out of texts")
        case .cutsTexts: .init("framing.long", "of a text its first 1,000 bytes count")
        }
    }

    func request(_ value: JSONValue) -> JSONChatRequest {
        switch self {
        case .requestFirst:
            let isFirst = value.members?.first?.key.elementsEqual("request".utf8)
            return isFirst == false ? .invalid(.requestMissing) : JSONChatRequest(value)
        case .noExtraKeys:
            let extra = value.members?.contains { !isKnown($0.key) }
            return extra == true ? .invalid(.notAnObject) : JSONChatRequest(value)
        case .nullIsNothing:
            let isNull = value["content"]?.value == .null
            return isNull ? .invalid(.contentMissing(.names)) : JSONChatRequest(value)
        case .numbersAreTexts:
            return JSONChatRequest(withContent(value, value["content"]?.value.number?.text))
        case .missingIsEmpty:
            return JSONChatRequest(withContent(value, value["content"] == nil ? [] : nil))
        case .arraysAreObjects, .asciiOnly, .losesBackslashes, .losesControls, .cutsTexts:
            return misread(JSONChatRequest(value))
        }
    }

    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        self == .arraysAreObjects && request == .invalid(.notAnObject)
    }

    private func isKnown(_ key: [UInt8]) -> Bool {
        key.elementsEqual("request".utf8) || key.elementsEqual("content".utf8)
    }

    /// The object with another content, where there is one to give.
    private func withContent(_ value: JSONValue, _ content: [UInt8]?) -> JSONValue {
        guard let content, let members = value.members else { return value }
        let key = Array("content".utf8)
        return .object(members + [JSONMember(key: key, node: JSONNode(.string(content)))])
    }

    private func misread(_ request: JSONChatRequest) -> JSONChatRequest {
        guard case .message(let text) = request else { return request }
        switch self {
        case .asciiOnly: return .message(text.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") })
        case .losesBackslashes: return .message(text.filter { $0 != UInt8(ascii: "\\") })
        case .losesControls: return .message(text.filter { $0 >= 0x20 })
        case .cutsTexts: return .message(Array(text.prefix(1_000)))
        case .requestFirst, .noExtraKeys, .nullIsNothing, .numbersAreTexts, .arraysAreObjects,
            .missingIsEmpty:
            return request
        }
    }
}
