// SPDX-License-Identifier: Apache-2.0

/// `channels`: accounts and channels in lines; who says something hears it, too.
struct ChannelsStress: StressDialect {
    let names: StressNames
    let groups: StressGroups

    var borders: MessageBorders { .line }
    var audience: StressGroups.Audience { .everyone }
    var confirms: Bool { false }
    var hasCallback: Bool { false }

    private static let say = Array("SAY ".utf8)
    private static let received: StaticString = "RECV "
    private static let said = Array("RESULT SAY".utf8)
    private static let list = Array("CHANNELS".utf8)
    private static let listed = Array("RESULT CHANNELS".utf8)
    private static let granted = UInt8(ascii: "1")

    private enum Step: Int {
        case register, login, create, join
        var word: [UInt8] {
            switch self {
            case .register: Array("REGISTER".utf8)
            case .login: Array("LOGIN".utf8)
            case .create: Array("CREATE".utf8)
            case .join: Array("JOIN".utf8)
            }
        }
        /// Whether a 0 changes nothing: the account may be there, the creator may be in already.
        func mayFail(isCreator: Bool) -> Bool {
            switch self {
            case .register, .create: true
            case .login: false
            case .join: isCreator
            }
        }
    }

    func request(_ step: Int, of client: Int, port: UInt16) -> EntranceRequest? {
        guard let step = Step(rawValue: step) else { return nil }
        switch step {
        case .register, .login:
            let name = names.names[client]
            return LineMessages.request([step.word, name, Array("pass".utf8) + name])
        case .create, .join: return LineMessages.request([step.word, channel(of: client)])
        }
    }

    func answer(
        _ message: UnsafeRawBufferPointer, to step: Int, of client: Int
    ) -> EntranceAnswer {
        guard let step = Step(rawValue: step),
            ByteScanning.begins(message, with: Array("RESULT ".utf8) + step.word)
        else { return .unrelated }
        let isFine = message.last == Self.granted || step.mayFail(isCreator: groups.isFirst(client))
        return isFine ? .granted : .refused
    }

    func write(
        _ text: (inout [UInt8]) -> Void, from sender: Int, to recipient: Int,
        into out: inout [UInt8]
    ) -> Int {
        let start = out.count
        out.append(contentsOf: Self.say)
        out.append(contentsOf: channel(of: sender))
        out.append(0x20)
        text(&out)
        out.append(0x0A)
        return out.count - start - 1
    }

    func read(_ message: UnsafeRawBufferPointer) -> StressMessage {
        guard ByteScanning.begins(message, with: Self.received) else { return status(message) }
        let start = Self.received.utf8CodeUnitCount
        guard let (name, rest) = LineMessages.split(message, from: start),
            let (_, text) = LineMessages.split(rest, from: 0)
        else { return .unknown }
        return .said(by: name, text)
    }

    /// That a SAY which succeeds is answered by its RECV alone, and a message ends with one line
    /// feed, is recommended only (`say.silent-success`, `framing.newline`).
    private func status(_ message: UnsafeRawBufferPointer) -> StressMessage {
        if ByteScanning.begins(message, with: Self.listed) { return .answered }
        guard !message.isEmpty else { return .aside }
        guard ByteScanning.begins(message, with: Self.said) else { return .unknown }
        return message.last == Self.granted ? .aside : .refused
    }

    func probe(of client: Int) -> [UInt8] { Self.list + [0x0A] }

    private func channel(of client: Int) -> [UInt8] { channels[client] }
    private let channels: [[UInt8]]

    init(names: StressNames, groups: StressGroups) {
        self.names = names
        self.groups = groups
        channels = (0..<groups.clients).map { names.channel(startingAt: groups.start(of: $0)) }
    }
}
