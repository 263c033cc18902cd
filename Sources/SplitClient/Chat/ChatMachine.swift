// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One client of a chat, without any system call: lines that were typed and messages that came go
/// in, what is to be done comes out.
///
/// Messages come whole, without their line feed; the shell around it knows the borders.
protocol ChatMachine {
    var borders: MessageBorders { get }
    /// Whether a line would be acted on; `false` while lines, or the end of the input, wait for an
    /// answer.
    var takesLines: Bool { get }
    /// Whether nothing more is said before an answer has come, or is overdue.
    var awaitsAnswer: Bool { get }
    /// How many answers were waited for: while it stays the same, the same one is waited for.
    var awaitedAnswers: Int { get }

    /// The connection to the server is there.
    mutating func connected() -> [ChatEffect]
    /// The user has finished a line; it has no line feed.
    mutating func typed(_ line: [UInt8]) -> [ChatEffect]
    /// No further line will come.
    mutating func inputEnded() -> [ChatEffect]
    /// Lines, or the end of the input, have waited for an answer for as long as anybody would;
    /// `isAttended` where a person is there who can still end it.
    mutating func answerIsOverdue(isAttended: Bool) -> [ChatEffect]
    mutating func received(_ message: [UInt8], on link: ChatLink) -> [ChatEffect]
    /// The shell listens at this port, as it was asked to.
    mutating func listening(at port: UInt16) -> [ChatEffect]
}

extension ChatMachine {
    var takesLines: Bool { true }
    var awaitsAnswer: Bool { false }
    var awaitedAnswers: Int { 0 }
    mutating func inputEnded() -> [ChatEffect] { [.finish] }
    mutating func answerIsOverdue(isAttended: Bool) -> [ChatEffect] { [] }
    mutating func listening(at port: UInt16) -> [ChatEffect] { [] }
}

/// Which connection a message is for.
enum ChatLink: Equatable, Sendable {
    /// The one that the client has made.
    case main
    /// The one that the server has made back.
    case back
}

enum ChatEffect: Equatable, Sendable {
    case send(MessageToCut, on: ChatLink)
    /// Show text, perhaps of several lines; it is escaped where it is shown.
    case show([UInt8])
    /// What the next line answers.
    case ask(ChatPrompt)
    /// Listen for the server's own connection, and say where.
    case listen
    /// The server will end the connection, as it was asked to.
    case leave
    /// Nothing more will be sent: end our direction and read to the server's end.
    case finish
    /// The conversation is over.
    case end(ChatEnd)
}

/// What stands before a line that is typed.
enum ChatPrompt: Equatable, Sendable {
    case none
    /// A mark before each line, for terminals.
    case mark(String)
    /// A question, which scripts are asked, too.
    case question(String)
    /// A question whose answer is not shown.
    case secret(String)

    var text: String {
        switch self {
        case .none: ""
        case .mark(let text), .question(let text), .secret(let text): text
        }
    }
}

enum ChatEnd: Equatable, Sendable {
    case asWished
    /// The server has refused what the client cannot do without.
    case refused
}

extension ChatEffect {
    static func line(_ content: [UInt8], on link: ChatLink = .main) -> ChatEffect {
        .send(MessageToCut(bytes: content + [0x0A], contentLength: content.count), on: link)
    }

    static func show(_ text: String) -> ChatEffect { .show(Array(text.utf8)) }
}
