// SPDX-License-Identifier: Apache-2.0

/// `padded`: channels in frames of 200 bytes.
///
/// `/create` and `/join` are answered with nothing, so an unknown control message follows, whose
/// error shows that they were handled.
struct PaddedStress: StressDialect {
    static let width = 200
    /// A text whose relay, `[name] text`, fills a frame.
    static let longestText = width - "[uxxxx00000] ".utf8.count

    let names: StressNames
    let groups: StressGroups
    private let padding = [UInt8](repeating: 0x20, count: width)

    init(names: StressNames, groups: StressGroups) {
        self.names = names
        self.groups = groups
    }

    var borders: MessageBorders { .fixed(Self.width) }
    var audience: StressGroups.Audience { .others }
    var confirms: Bool { false }
    var hasCallback: Bool { false }

    private static let create = Array("/create ".utf8)
    private static let join = Array("/join ".utf8)
    private static let probed = Array("/here".utf8)
    private static let complaint = Array("/here is not a valid control message".utf8)
    private static let outside = Array("Not currently in any channel".utf8)
    private static let noChannel = Array("No channel named ".utf8)
    private static let exists = Array("Room ".utf8)
    private static let hasJoined: StaticString = " has joined"
    private static let hasLeft: StaticString = " has left"

    func request(_ step: Int, of client: Int, port: UInt16) -> EntranceRequest? {
        switch step {
        case 0: return frame(names.names[client], isSilent: true)
        case 1:
            let channel = names.channel(startingAt: groups.start(of: client))
            return frame(
                (groups.isFirst(client) ? Self.create : Self.join) + channel, isSilent: true)
        case 2: return frame(Self.probed)
        default: return nil
        }
    }

    func answer(
        _ message: UnsafeRawBufferPointer, to step: Int, of client: Int
    ) -> EntranceAnswer {
        if ByteScanning.begins(message, with: Self.complaint) { return .granted }
        let isRefusal = [Self.noChannel, Self.exists].contains {
            ByteScanning.begins(message, with: $0)
        }
        return isRefusal ? .refused : .unrelated
    }

    func write(
        _ text: (inout [UInt8]) -> Void, from sender: Int, to recipient: Int,
        into out: inout [UInt8]
    ) -> Int {
        let start = out.count
        text(&out)
        let length = out.count - start
        let missing = max(0, Self.width - length)
        padding.withUnsafeBytes {
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<missing]))
        }
        return length
    }

    func read(_ message: UnsafeRawBufferPointer) -> StressMessage {
        let end = ByteScanning.count(of: message, withoutLast: 0x20)
        guard message.first == UInt8(ascii: "[") else {
            return status(UnsafeRawBufferPointer(rebasing: message[..<end]))
        }
        guard let close = ByteScanning.firstIndex(of: UInt8(ascii: "]"), in: message, from: 1),
            close + 2 <= end, message[close + 1] == 0x20
        else { return .unknown }
        return .said(
            by: UnsafeRawBufferPointer(rebasing: message[1..<close]),
            UnsafeRawBufferPointer(rebasing: message[(close + 2)..<end])
        )
    }

    /// What is no text, without its padding.
    private func status(_ message: UnsafeRawBufferPointer) -> StressMessage {
        if ByteScanning.begins(message, with: Self.complaint) { return .answered }
        if ByteScanning.begins(message, with: Self.outside) { return .refused }
        if let name = ByteScanning.beginning(of: message, endingWith: Self.hasJoined) {
            return .news(.came, of: name)
        }
        if let name = ByteScanning.beginning(of: message, endingWith: Self.hasLeft) {
            return .news(.left, of: name)
        }
        return .unknown
    }

    func probe(of client: Int) -> [UInt8] { frame(Self.probed).bytes }

    private func frame(_ content: [UInt8], isSilent: Bool = false) -> EntranceRequest {
        let padding = [UInt8](repeating: 0x20, count: max(0, Self.width - content.count))
        return EntranceRequest(
            bytes: content + padding, contentLength: content.count, isSilent: isSilent)
    }
}
