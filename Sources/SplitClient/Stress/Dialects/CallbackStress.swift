// SPDX-License-Identifier: Apache-2.0

/// `callback`: `/to` the next member of the group; deliveries come on a connection that the server
/// makes, and each is answered with a receipt.
struct CallbackStress: StressDialect {
    let names: StressNames
    let passwords: [[UInt8]]
    let groups: StressGroups

    /// What confirms a delivery.
    static let receipt = Array("302 Message receipt successful\n".utf8)

    var borders: MessageBorders { .line }
    var audience: StressGroups.Audience { .one }
    var confirms: Bool { true }
    var hasCallback: Bool { true }

    private static let login = Array("/login".utf8)
    private static let port = Array("/port".utf8)
    private static let to = Array("/to ".utf8)
    private static let from: StaticString = "/from "
    private static let broadcast: StaticString = "/broadcastfrom "
    private static let sent: StaticString = "303"
    private static let failed = Array("304".utf8)
    private static let unrecognized = Array("401".utf8)
    private static let list = Array("/list".utf8)
    private static let listed = Array("301".utf8)
    private static let grants = [Array("101".utf8), Array("201".utf8)]
    private static let refusals = ["102", "202", "401"].map { Array($0.utf8) }

    func request(_ step: Int, of client: Int, port: UInt16) -> EntranceRequest? {
        switch step {
        case 0: LineMessages.request([Self.login, names.names[client], passwords[client]])
        case 1: LineMessages.request([Self.port, Array(String(port).utf8)])
        default: nil
        }
    }

    func answer(
        _ message: UnsafeRawBufferPointer, to step: Int, of client: Int
    ) -> EntranceAnswer {
        if step < 2, ByteScanning.begins(message, with: Self.grants[step]) { return .granted }
        let isRefusal = Self.refusals.contains { ByteScanning.begins(message, with: $0) }
        return isRefusal ? .refused : .unrelated
    }

    func write(
        _ text: (inout [UInt8]) -> Void, from sender: Int, to recipient: Int,
        into out: inout [UInt8]
    ) -> Int {
        let start = out.count
        out.append(contentsOf: Self.to)
        out.append(contentsOf: names.names[recipient])
        out.append(0x20)
        text(&out)
        out.append(0x0A)
        return out.count - start - 1
    }

    func read(_ message: UnsafeRawBufferPointer) -> StressMessage {
        if ByteScanning.begins(message, with: Self.from) {
            return said(message, from: Self.from.utf8CodeUnitCount)
        }
        if ByteScanning.begins(message, with: Self.broadcast) {
            return said(message, from: Self.broadcast.utf8CodeUnitCount)
        }
        if ByteScanning.begins(message, with: Self.sent) { return .confirmed }
        if ByteScanning.begins(message, with: Self.listed) { return .answered }
        let isRefusal =
            ByteScanning.begins(message, with: Self.failed)
            || ByteScanning.begins(message, with: Self.unrecognized)
        return isRefusal ? .refused : .unknown
    }

    private func said(_ message: UnsafeRawBufferPointer, from start: Int) -> StressMessage {
        guard let (name, text) = LineMessages.split(message, from: start) else { return .unknown }
        return .said(by: name, text)
    }

    func probe(of client: Int) -> [UInt8] { Self.list + [0x0A] }
}
