// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The words of `request`.
enum JSONChatVerb: String, CaseIterable {
    case login, logout, msg, names, help
    case rooms, create, join, leave
    case kick, ban, remove

    var bytes: [UInt8] { Array(rawValue.utf8) }

    init?(_ bytes: [UInt8]) {
        guard let verb = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(bytes) })
        else { return nil }
        self = verb
    }
}

/// What one JSON value asks for.
enum JSONChatRequest: Equatable {
    case login([UInt8])
    case logout
    case message([UInt8])
    case names
    case help
    case rooms
    case create([UInt8])
    case join([UInt8])
    case leave
    case kick([UInt8])
    case ban([UInt8])
    /// Counted from the newest message, which is 1.
    case remove(Int)
    /// Well-formed JSON that asks for nothing; the text says why.
    case invalid(JSONChatText)
    /// No JSON; the text says why.
    case malformed(JSONChatText)

    /// The keys that are looked at; all others are ignored.
    static let keys = JSONKeeping.members([Array("request".utf8), Array("content".utf8)])

    init(_ value: JSONValue) {
        guard case .object = value else {
            self = .invalid(.notAnObject)
            return
        }
        guard let word = value["request"]?.value else {
            self = .invalid(.requestMissing)
            return
        }
        guard let bytes = word.bytes else {
            self = .invalid(.requestNotAString)
            return
        }
        guard let verb = JSONChatVerb(bytes) else {
            self = .invalid(.unknownRequest(bytes))
            return
        }
        self.init(verb, value["content"]?.value)
    }

    private init(_ verb: JSONChatVerb, _ content: JSONValue?) {
        switch verb {
        case .logout: self = .logout
        case .names: self = .names
        case .help: self = .help
        case .rooms: self = .rooms
        case .leave: self = .leave
        case .remove: self = Self.remove(content)
        case .login: self = Self.withText(verb, content) { .login($0) }
        case .msg: self = Self.withText(verb, content) { .message($0) }
        case .create: self = Self.withText(verb, content) { .create($0) }
        case .join: self = Self.withText(verb, content) { .join($0) }
        case .kick: self = Self.withText(verb, content) { .kick($0) }
        case .ban: self = Self.withText(verb, content) { .ban($0) }
        }
    }

    private static func withText(
        _ verb: JSONChatVerb,
        _ content: JSONValue?,
        _ make: ([UInt8]) -> JSONChatRequest
    ) -> JSONChatRequest {
        guard let content else { return .invalid(.contentMissing(verb)) }
        guard let text = content.bytes else { return .invalid(.contentNotAString(verb)) }
        return make(text)
    }

    /// The number may stand in a string, since clients that type their arguments send strings.
    private static func remove(_ content: JSONValue?) -> JSONChatRequest {
        guard let content else { return .invalid(.contentMissing(.remove)) }
        let text = content.bytes.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard let number = content.int ?? text, number > 0 else {
            return .invalid(.removeNeedsANumber)
        }
        return .remove(number)
    }

    var isMessage: Bool {
        if case .message = self { true } else { false }
    }
}
