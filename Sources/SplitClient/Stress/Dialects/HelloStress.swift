// SPDX-License-Identifier: Apache-2.0

/// `hello`: direct messages in lines, each to the next member of the group.
struct HelloStress: StressDialect {
    let names: StressNames
    let groups: StressGroups

    var borders: MessageBorders { .line }
    var audience: StressGroups.Audience { .one }
    var confirms: Bool { true }
    var hasCallback: Bool { false }

    private static let hello = Array("HELLO-FROM".utf8)
    private static let granted = Array("HELLO ".utf8)
    private static let send = Array("SEND ".utf8)
    private static let sent: StaticString = "SEND-OK"
    private static let delivery: StaticString = "DELIVERY "
    private static let list = Array("LIST".utf8)
    private static let listed = Array("LIST-OK ".utf8)
    private static let refusals = ["BAD-", "IN-USE", "BUSY"].map { Array($0.utf8) }

    func request(_ step: Int, of client: Int, port: UInt16) -> EntranceRequest? {
        step == 0 ? LineMessages.request([Self.hello, names.names[client]]) : nil
    }

    func answer(
        _ message: UnsafeRawBufferPointer, to step: Int, of client: Int
    ) -> EntranceAnswer {
        if ByteScanning.begins(message, with: Self.granted) { return .granted }
        return isRefusal(message) ? .refused : .unrelated
    }

    func write(
        _ text: (inout [UInt8]) -> Void, from sender: Int, to recipient: Int,
        into out: inout [UInt8]
    ) -> Int {
        let start = out.count
        out.append(contentsOf: Self.send)
        out.append(contentsOf: names.names[recipient])
        out.append(0x20)
        text(&out)
        out.append(0x0A)
        return out.count - start - 1
    }

    func read(_ message: UnsafeRawBufferPointer) -> StressMessage {
        if ByteScanning.begins(message, with: Self.delivery) {
            let start = Self.delivery.utf8CodeUnitCount
            guard let (name, text) = LineMessages.split(message, from: start) else {
                return .unknown
            }
            return .said(by: name, text)
        }
        if ByteScanning.areEqual(message, Self.sent) { return .confirmed }
        if ByteScanning.begins(message, with: Self.listed) { return .answered }
        return isRefusal(message) ? .refused : .unknown
    }

    func probe(of client: Int) -> [UInt8] { Self.list + [0x0A] }

    private func isRefusal(_ message: UnsafeRawBufferPointer) -> Bool {
        Self.refusals.contains { ByteScanning.begins(message, with: $0) }
    }
}
