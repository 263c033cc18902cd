// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// What `splitclient chat` is asked to do.
struct ChatOptions {
    var chat: ChatProtocolName
    var server: HostAndPort
    var name: [UInt8]?
    var plan: CutPlan
    var pace: Pace
    /// Show marks such as `[Me]` even where no person is.
    var showsMarks: Bool
    /// How long the server may take to answer, to take any of what is sent, and to end the
    /// connection after the end of the input.
    var wait: Int64

    init(_ line: ParsedCommand) throws(UsageError) {
        chat = try line.protocolName()
        server = HostAndPort(
            host: line.value("host") ?? "",
            port: UInt16(clamping: try line.integer("port", in: 1...65_535) ?? 0))
        name = line.value("name").map { Array($0.utf8) }
        plan = try line.cutPlan() ?? .whole
        pace = try line.value("pace", expected: Pace.expected, Pace.init(parsing:)) ?? .drained
        showsMarks = line.flag("prompts")
        wait = (try line.duration("wait") ?? .seconds(5)).nanoseconds
        try checkName(line)
    }

    var machine: any ChatMachine {
        switch chat {
        case .padded: PaddedChat(name: name ?? [])
        case .hello: HelloChat(name: name)
        case .json: JSONChat(name: name)
        case .callback: CallbackChat()
        case .channels: ChannelsChat()
        }
    }

    private func checkName(_ line: ParsedCommand) throws(UsageError) {
        switch chat {
        case .padded:
            guard name != nil else {
                throw line.usageError("padded needs a name: chat padded <host> <port> <name>")
            }
        case .hello, .json: break
        case .callback, .channels:
            guard name == nil else {
                throw line.usageError(
                    "\(chat.rawValue) takes no name here: it asks, or is told, who you are")
            }
        }
    }
}
