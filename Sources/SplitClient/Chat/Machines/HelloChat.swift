// SPDX-License-Identifier: Apache-2.0

/// `hello`: logs in, then `@name text` and `LIST`, or any line of the protocol as it is.
///
///     asking (for a name) ──▶ greeting ──HELLO, overdue──▶ talking
///       ▲                        │
///       └──IN-USE, BAD-RQST-BODY─┘        BUSY ends it
///
/// Lines that are typed while the greeting is unanswered wait, and so does the end of the input.
/// Where the answer is overdue, they are sent all the same.
struct HelloChat: ChatMachine {
    private enum State: Equatable {
        case asking
        case greeting
        case talking
    }

    private var state = State.asking
    private let name: [UInt8]?
    private var waiting: [[UInt8]] = []
    private var hasInputEnded = false
    private(set) var awaitedAnswers = 0

    /// Without a name the user is asked for one.
    init(name: [UInt8]?) { self.name = name }

    var borders: MessageBorders { .line }
    var takesLines: Bool { waiting.isEmpty && !(hasInputEnded && awaitsAnswer) }
    var awaitsAnswer: Bool { state == .greeting }

    mutating func connected() -> [ChatEffect] { name.map { greet($0) } ?? ask() }

    mutating func typed(_ line: [UInt8]) -> [ChatEffect] {
        switch state {
        case .asking: return greet(line)
        case .greeting:
            waiting.append(line)
            return []
        case .talking: return [.line(Self.request(line))]
        }
    }

    mutating func inputEnded() -> [ChatEffect] {
        hasInputEnded = true
        return awaitsAnswer ? [] : [.finish]
    }

    mutating func answerIsOverdue(isAttended: Bool) -> [ChatEffect] {
        state == .greeting ? talk() : []
    }

    mutating func received(_ message: [UInt8], on link: ChatLink) -> [ChatEffect] {
        state == .greeting ? answered(message) : [.show(Self.readable(message))]
    }

    private mutating func greet(_ name: [UInt8]) -> [ChatEffect] {
        state = .greeting
        awaitedAnswers += 1
        return [.ask(.none), .line(Array("HELLO-FROM ".utf8) + name)]
    }

    private mutating func ask() -> [ChatEffect] {
        state = .asking
        let question = ChatEffect.ask(.question("Name: "))
        guard waiting.isEmpty else { return [question] + greet(waiting.removeFirst()) }
        return hasInputEnded ? [.finish] : [question]
    }

    private mutating func answered(_ message: [UInt8]) -> [ChatEffect] {
        let shown = ChatEffect.show(Self.readable(message))
        if message.starts(with: Array("HELLO ".utf8)) { return [shown] + talk() }
        if message == Array("BUSY".utf8) { return [shown, .end(.refused)] }
        let isRefused = message == Array("IN-USE".utf8) || message.starts(with: Array("BAD-".utf8))
        return [shown] + (isRefused ? ask() : [])
    }

    private mutating func talk() -> [ChatEffect] {
        state = .talking
        let lines = waiting.map { ChatEffect.line(Self.request($0)) }
        waiting = []
        return [.ask(.mark("> "))] + lines + (hasInputEnded ? [.finish] : [])
    }

    /// `@bob hi` is short for `SEND bob hi`.
    private static func request(_ line: [UInt8]) -> [UInt8] {
        line.first == UInt8(ascii: "@") ? Array("SEND ".utf8) + line.dropFirst() : line
    }

    /// A delivery as `[bob] hi`, all else as it came, the codes with what they mean.
    private static func readable(_ message: [UInt8]) -> [UInt8] {
        let delivery = Array("DELIVERY ".utf8)
        if message.starts(with: delivery) {
            let rest = message.dropFirst(delivery.count)
            let name = rest.prefix { $0 != 0x20 }
            return [UInt8(ascii: "[")] + name + [UInt8(ascii: "]")] + rest.dropFirst(name.count)
        }
        let meaning: String? =
            switch String(decoding: message, as: UTF8.self) {
            case "IN-USE": "somebody of this name is logged in"
            case "BUSY": "the server is full"
            case "BAD-DEST-USER": "nobody of this name is logged in"
            case "BAD-RQST-HDR": "the server knows no such request, or not yet"
            case "BAD-RQST-BODY": "something is missing or not allowed"
            default: nil
            }
        return message + Array((meaning.map { " (\($0))" } ?? "").utf8)
    }
}
