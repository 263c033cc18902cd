// SPDX-License-Identifier: Apache-2.0

/// `channels`: lines of the protocol as they are, and a line that is none said in the channel that
/// was joined or spoken in last.
struct ChannelsChat: ChatMachine {
    /// Where plain lines go; as the user wrote it.
    private var channel: [UInt8]?

    private static let commands = ["REGISTER", "LOGIN", "CREATE", "JOIN", "SAY", "CHANNELS"]
        .map { Array($0.utf8) }
    private static let say = Array("SAY".utf8)
    private static let received = Array("RECV ".utf8)
    private static let joined = Array("RESULT JOIN ".utf8)

    var borders: MessageBorders { .line }

    mutating func connected() -> [ChatEffect] { [.ask(.mark(prompt))] }

    mutating func typed(_ line: [UInt8]) -> [ChatEffect] {
        let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        let word = Array(words.first ?? [])
        if Self.commands.contains(word) || line.isEmpty {
            guard word == Self.say, words.count > 2 else { return [.line(line)] }
            return [.line(line)] + enter(Array(words[1]))
        }
        guard let channel else {
            return [.show("(no channel yet: REGISTER, LOGIN, CREATE, JOIN, SAY or CHANNELS)")]
        }
        return [.line(Self.say + [0x20] + channel + [0x20] + line)]
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
        let shown = [ChatEffect.show(message)]
        guard message.starts(with: Self.joined), message.hasSuffix(" 1") else { return shown }
        return shown + enter(Array(message.dropFirst(Self.joined.count).dropLast(2)))
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
