// SPDX-License-Identifier: Apache-2.0

/// `channels`: lines of the protocol as they are, and a line that is none said in the channel that
/// was asked for or spoken in last.
///
/// What follows a REGISTER, LOGIN, CREATE or JOIN waits for its RESULT. A JOIN that is answered with
/// 0 counts, too: whoever is a member already gets that, and nobody else hears what is said there.
struct ChannelsChat: AwaitingMachine {
    /// Where plain lines go; as the user wrote it.
    private var channel: [UInt8]?
    var awaited = AwaitedAnswer()
    /// How the line begins that answers the request that is waited for.
    private var answer: [UInt8] = []

    /// The requests that are answered, with how many words they have.
    private static let answered = ["REGISTER": 3, "LOGIN": 3, "CREATE": 2, "JOIN": 2]
    private static let commands = ["REGISTER", "LOGIN", "CREATE", "JOIN", "SAY", "CHANNELS"]
        .map { Array($0.utf8) }
    private static let say = Array("SAY".utf8)
    private static let received = Array("RECV ".utf8)
    private static let joined = Array("RESULT JOIN ".utf8)

    var borders: MessageBorders { .line }

    mutating func connected() -> [ChatEffect] { [.ask(.mark(prompt))] }

    mutating func take(_ line: [UInt8]) -> [ChatEffect] {
        let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        let word = Array(words.first ?? [])
        if Self.commands.contains(word) || line.isEmpty {
            awaitAnswer(to: line)
            guard word == Self.say, words.count > 2 else { return [.line(line)] }
            return [.line(line)] + enter(Array(words[1]))
        }
        guard let channel else {
            return [.show("(no channel yet: REGISTER, LOGIN, CREATE, JOIN, SAY or CHANNELS)")]
        }
        return [.line(Self.say + [0x20] + channel + [0x20] + line)]
    }

    /// Servers leave requests of another form unanswered.
    private mutating func awaitAnswer(to line: [UInt8]) {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        let word = String(decoding: words.first ?? [], as: UTF8.self)
        guard Self.answered[word] == words.count, !words.contains([]) else { return }
        answer = Array("RESULT \(word) ".utf8)
        if words.count == 2 { answer += words[1] + [0x20] }
        awaited.begin()
    }

    mutating func received(_ message: [UInt8], on link: ChatLink) -> [ChatEffect] {
        let message = message.last == 0x0D ? Array(message.dropLast()) : message
        if message.starts(with: Self.received) {
            let words = message.dropFirst(Self.received.count)
                .split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3 else { return [.show(message)] }
            let head =
                [UInt8(ascii: "[")] + words[0] + [0x20] + words[1] + [UInt8(ascii: "]"), 0x20]
            return [.show(head + words[2])]
        }
        let isAnswer = awaited.isDue && message.starts(with: answer)
        if isAnswer { awaited.end() }
        let effects = [.show(message)] + joined(message, isAnswer: isAnswer)
        return isAnswer ? effects + goOn() : effects
    }

    private mutating func joined(_ message: [UInt8], isAnswer: Bool) -> [ChatEffect] {
        guard message.starts(with: Self.joined) else { return [] }
        let channel = Array(message.dropFirst(Self.joined.count).dropLast(2))
        if message.hasSuffix(" 1") { return enter(channel) }
        guard isAnswer, message.hasSuffix(" 0"), channel != self.channel else { return [] }
        let name = HarmlessText.line(channel)
        return [.show("(no such channel, or joined before; plain lines go to \(name) now)")]
            + enter(channel)
    }

    private var prompt: String {
        channel.map { HarmlessText.line($0) + "> " } ?? "> "
    }

    private mutating func enter(_ channel: [UInt8]) -> [ChatEffect] {
        guard channel != self.channel else { return [] }
        self.channel = channel
        return [.ask(.mark(prompt))]
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}
