// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// What `splitclient stress` is asked to do.
struct StressOptions {
    var chat: ChatProtocolName
    var server: HostAndPort
    var connections: Int
    /// How many each client sends.
    var messages: Int
    var group: Int
    var window: Int
    var size: Int
    var alphabet: StressText.Alphabet
    /// `nil`: nothing is cut, and nothing is kept apart either.
    var plan: CutPlan?
    var pace: Pace
    var seed: UInt64
    /// How long nothing may come before that is the end, in nanoseconds.
    var timeout: Int64
    var usersFile: String?
    var isJSON: Bool

    static let mostConnections = 20_000
    static let longestText = 32_768

    /// `defaultSeed` holds where none is given.
    init(_ line: ParsedCommand, defaultSeed: UInt64) throws(UsageError) {
        chat = try line.protocolName()
        server = HostAndPort(
            host: line.value("host") ?? "",
            port: UInt16(clamping: try line.integer("port", in: 1...65_535) ?? 0))
        connections = try line.integer("connections", in: 2...Self.mostConnections) ?? 10
        messages = try line.integer("messages", in: 1...StressText.mostMessages) ?? 100
        group = try line.integer("group", in: 2...Self.mostConnections) ?? 10
        window = try line.integer("window", in: 1...65_536) ?? chat.usualWindow
        plan = try line.cutPlan()
        pace = try line.value("pace", expected: Pace.expected, Pace.init(parsing:)) ?? .drained
        seed = try line.unsignedInteger("seed") ?? defaultSeed
        timeout = (try line.duration("timeout") ?? .seconds(10)).nanoseconds
        usersFile = line.value("users")
        isJSON = line.flag("json")
        let alphabets = StressText.Alphabet.allCases.map(\.rawValue).joined(separator: " or ")
        alphabet =
            try line.value("text", expected: alphabets, StressText.Alphabet.init(rawValue:))
            ?? .ascii
        let longest = chat == .padded ? PaddedStress.longestText : Self.longestText
        size = try line.integer("size", in: StressText.headLength...longest) ?? 64
        if chat == .json { group = connections }
        if plan == nil, line.value("pace") != nil {
            throw line.usageError(
                "--pace says when the next segment of a cut message leaves, and nothing is cut: "
                    + "add --cut PLAN (whole: each message one segment)")
        }
        if chat == .callback, usersFile == nil {
            throw line.usageError("callback needs --users FILE: the file that its server was given")
        }
    }

    func groups(_ audience: StressGroups.Audience) -> StressGroups {
        StressGroups(clients: connections, size: group, audience: audience)
    }

    /// The words of a command line that asks for the same.
    var replay: String {
        var words = ["splitclient stress", chat.rawValue, shellWord(server.host), "\(server.port)"]
        words += ["--connections \(connections)", "--messages \(messages)"]
        if let plan { words += ["--cut \(plan)", "--pace \(pace)"] }
        if chat != .json { words += ["--group \(group)"] }
        words += ["--window \(window)", "--size \(size)", "--text \(alphabet.rawValue)"]
        if let usersFile { words += ["--users \(shellWord(usersFile))"] }
        return (words + ["--seed \(seed)"]).joined(separator: " ")
    }

    /// Bare where a shell leaves it alone, else in single quotes.
    private func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_./:%+=@,".utf8.contains(byte)
            }
        }
        if isPlain, !text.isEmpty { return text }
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: "'\\''") + "'"
    }
}

extension ParsedCommand {
    /// The argument `protocol`.
    func protocolName() throws(UsageError) -> ChatProtocolName {
        let name = try value(
            "protocol", expected: ChatProtocolName.expected, ChatProtocolName.init(rawValue:))
        guard let name else { throw usageError("the argument <protocol> is missing") }
        return name
    }

    /// The option `cut`, or another one that takes a plan, where it is given; a family is refused.
    func cutPlan(_ option: String = "cut") throws(UsageError) -> CutPlan? {
        if let family = value(option).flatMap(CutFamily.init(rawValue:)) {
            throw usageError(
                "--\(option): \(family) is a family of plans, and one connection takes one plan, "
                    + "such as at:1")
        }
        return try value(option, parsing: CutPlan.init(parsing:))
    }
}

extension ChatProtocolName {
    /// How many messages of one client are on their way at once, unless one is told otherwise.
    ///
    /// Only where there are several can a server swap two. `callback` handles a client's commands
    /// strictly one after the other.
    fileprivate var usualWindow: Int {
        switch self {
        case .padded, .hello, .json, .channels: 8
        case .callback: 1
        }
    }
}
