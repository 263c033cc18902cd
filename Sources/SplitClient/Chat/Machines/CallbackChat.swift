// SPDX-License-Identifier: Apache-2.0

/// `callback`: name and password, a second connection from the server, then one command after the
/// other.
///
///     name ──▶ password ──▶ loggingIn ──101──▶ opening ──▶ porting ──201──▶ idle ◀──▶ asked
///      ▲                        │                             │202            │
///      └──────────102───────────┘                            end          310 ends
///
/// A command goes out when the one before is answered; lines that come earlier wait, and so does
/// the end of the input. Where the answer to a command is overdue, `asked` becomes `idle` without
/// it; before `idle` nothing can go on, and what nobody attends ends. A message on the second
/// connection is shown and confirmed, in every state.
struct CallbackChat: ChatMachine {
    private enum State: Equatable {
        case name
        case password(name: [UInt8])
        case loggingIn
        case opening
        case porting
        case idle
        case asked
    }

    private var state = State.name
    private var waiting: [[UInt8]] = []
    private var hasInputEnded = false
    private(set) var awaitedAnswers = 0

    private static let receipt = Array("302 Message receipt successful".utf8)
    private static let from = Array("/from ".utf8)
    private static let broadcast = Array("/broadcastfrom ".utf8)

    var borders: MessageBorders { .line }
    var takesLines: Bool { waiting.isEmpty && !(hasInputEnded && awaitsAnswer) }

    var awaitsAnswer: Bool {
        switch state {
        case .name, .password, .idle: false
        case .loggingIn, .opening, .porting, .asked: true
        }
    }

    mutating func connected() -> [ChatEffect] { askName() }

    mutating func typed(_ line: [UInt8]) -> [ChatEffect] {
        waiting.append(line)
        return goOn()
    }

    mutating func inputEnded() -> [ChatEffect] {
        hasInputEnded = true
        // What a person was still waited for has a time from now on.
        awaitedAnswers += 1
        return goOn()
    }

    mutating func answerIsOverdue(isAttended: Bool) -> [ChatEffect] {
        switch state {
        case .name, .password, .idle: return []
        case .loggingIn: return isAttended ? [] : giveUp("answered the login")
        case .opening, .porting: return isAttended ? [] : giveUp("confirmed the port")
        case .asked:
            state = .idle
            return goOn()
        }
    }

    private func giveUp(_ missing: String) -> [ChatEffect] {
        [.show("(the server has not \(missing))"), .end(.refused)]
    }

    mutating func listening(at port: UInt16) -> [ChatEffect] {
        state = .porting
        awaitedAnswers += 1
        return [.line(Array("/port \(port)".utf8))]
    }

    mutating func received(_ message: [UInt8], on link: ChatLink) -> [ChatEffect] {
        let message = message.last == 0x0D ? Array(message.dropLast()) : message
        switch link {
        case .main: return answered(message)
        case .back: return delivered(message)
        }
    }

    // MARK: What the server says

    private mutating func answered(_ message: [UInt8]) -> [ChatEffect] {
        let shown = ChatEffect.show(message)
        switch (state, code(message)) {
        case (.loggingIn, "101"):
            state = .opening
            return [shown, .listen]
        case (.loggingIn, _): return [shown] + askName()
        case (.porting, "201"):
            state = .idle
            return [shown, .ask(.mark("> "))] + goOn()
        case (.porting, _): return [shown, .end(.refused)]
        case (.asked, "310"): return [shown, .end(.asWished)]
        case (.asked, _):
            state = .idle
            return [shown] + goOn()
        case (.name, _), (.password, _), (.opening, _), (.idle, _): return [shown]
        }
    }

    private func delivered(_ message: [UInt8]) -> [ChatEffect] {
        guard message.starts(with: Self.from) || message.starts(with: Self.broadcast) else {
            return [.show(message)]
        }
        let isToAll = message.starts(with: Self.broadcast)
        let rest = message.dropFirst(isToAll ? Self.broadcast.count : Self.from.count)
        let name = rest.prefix { $0 != 0x20 }
        let head = [UInt8(ascii: "[")] + name + Array((isToAll ? " to all]" : "]").utf8)
        return [.show(head + rest.dropFirst(name.count)), .line(Self.receipt, on: .back)]
    }

    private func code(_ message: [UInt8]) -> String {
        String(decoding: message.prefix(3), as: UTF8.self)
    }

    // MARK: What the user says

    /// Takes lines that wait, as long as the state has a use for them.
    private mutating func goOn() -> [ChatEffect] {
        var effects: [ChatEffect] = []
        while !waiting.isEmpty, let taken = take() { effects += taken }
        return effects + (hasInputEnded && waiting.isEmpty && !awaitsAnswer ? [.finish] : [])
    }

    /// `nil` where the next line has to wait.
    private mutating func take() -> [ChatEffect]? {
        switch state {
        case .name:
            state = .password(name: waiting.removeFirst())
            return [.ask(.secret("Please input your password:"))]
        case .password(let name):
            state = .loggingIn
            awaitedAnswers += 1
            let password = waiting.removeFirst()
            return [.ask(.none), .line(Array("/login ".utf8) + name + [0x20] + password)]
        case .idle:
            state = .asked
            awaitedAnswers += 1
            return [.line(waiting.removeFirst())]
        case .loggingIn, .opening, .porting, .asked: return nil
        }
    }

    private mutating func askName() -> [ChatEffect] {
        state = .name
        return [.ask(.question("Please input your user name:"))] + goOn()
    }
}
