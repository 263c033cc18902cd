// SPDX-License-Identifier: Apache-2.0

/// `json`: one room, where everyone hears everyone, itself included.
final class JSONStress: StressDialect {
    let names: StressNames
    /// Texts and names that hold escapes are decoded into these.
    private var decodedText = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    private var scratch: [UInt8] = []

    init(names: StressNames) { self.names = names }

    deinit { decodedText.deallocate() }

    var borders: MessageBorders { .json }
    var audience: StressGroups.Audience { .everyone }
    var confirms: Bool { false }
    var hasCallback: Bool { false }
    var hasOneOrder: Bool { true }
    /// Nothing says that an `info` comes only to who has asked for something.
    var mayInform: Bool { true }

    private static let message: StaticString = "message"
    private static let error: StaticString = "error"
    private static let info: StaticString = "info"
    private static let history: StaticString = "history"
    private static let help = Array("{\"request\": \"help\", \"content\": null}".utf8)

    func request(_ step: Int, of client: Int, port: UInt16) -> EntranceRequest? {
        guard step == 0 else { return nil }
        let name = String(decoding: names.names[client], as: UTF8.self)
        let bytes = Array("{\"request\": \"login\", \"content\": \"\(name)\"}".utf8)
        return EntranceRequest(bytes: bytes, contentLength: bytes.count)
    }

    func answer(
        _ message: UnsafeRawBufferPointer, to step: Int, of client: Int
    ) -> EntranceAnswer {
        guard let fields = JSONFields(message) else { return .unrelated }
        if Self.isResponse(fields, Self.error, in: message) { return .refused }
        let isGranted = [Self.info, Self.history].contains {
            Self.isResponse(fields, $0, in: message)
        }
        return isGranted ? .granted : .unrelated
    }

    func write(
        _ text: (inout [UInt8]) -> Void, from sender: Int, to recipient: Int,
        into out: inout [UInt8]
    ) -> Int {
        let start = out.count
        out.append(contentsOf: Self.head)
        scratch.removeAll(keepingCapacity: true)
        text(&scratch)
        scratch.withUnsafeBytes { JSONStringCoding.append($0, to: &out) }
        out.append(contentsOf: Self.tail)
        return out.count - start
    }

    private static let head = Array("{\"request\": \"msg\", \"content\": \"".utf8)
    private static let tail = Array("\"}".utf8)

    func read(_ message: UnsafeRawBufferPointer) -> StressMessage {
        guard let fields = JSONFields(message) else { return .unknown }
        guard Self.isResponse(fields, Self.message, in: message) else {
            return status(fields, in: message)
        }
        guard let sender = fields.sender, let content = fields.content,
            let text = decoded(UnsafeRawBufferPointer(rebasing: message[content]))
        else { return .unknown }
        return .said(by: UnsafeRawBufferPointer(rebasing: message[sender]), text)
    }

    /// A `history` may come late: it is not said which of the answers to a login is the first.
    private func status(
        _ fields: JSONFields, in message: UnsafeRawBufferPointer
    ) -> StressMessage {
        if Self.isResponse(fields, Self.error, in: message) { return .refused }
        if Self.isResponse(fields, Self.info, in: message) { return .answered }
        return Self.isResponse(fields, Self.history, in: message) ? .aside : .unknown
    }

    func probe(of client: Int) -> [UInt8] { Self.help }

    private static func isResponse(
        _ fields: JSONFields, _ word: StaticString, in message: UnsafeRawBufferPointer
    ) -> Bool {
        guard let range = fields.response else { return false }
        return ByteScanning.areEqual(UnsafeRawBufferPointer(rebasing: message[range]), word)
    }

    /// What the bytes between two quotes stand for; valid until the next call.
    private func decoded(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard ByteScanning.firstIndex(of: UInt8(ascii: "\\"), in: bytes, from: 0) != nil else {
            return bytes
        }
        scratch.removeAll(keepingCapacity: true)
        guard JSONStringCoding.decode(bytes, into: &scratch) else { return nil }
        if decodedText.count < scratch.count {
            decodedText.deallocate()
            decodedText = .allocate(byteCount: 2 * scratch.count, alignment: 16)
        }
        decodedText.copyBytes(from: scratch)
        return UnsafeRawBufferPointer(rebasing: decodedText[..<scratch.count])
    }
}
