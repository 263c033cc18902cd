// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText

/// `json`: typed requests become JSON objects; responses are shown with time and sender.
///
/// What follows a login waits for its answer.
///
/// A line that begins with no request of the source, nor with one of the reference server's own, is
/// refused here: the server would only see a request that it does not know.
struct JSONChat: AwaitingMachine {
    private let name: [UInt8]?
    var awaited = AwaitedAnswer()

    /// With a name the client logs in at once.
    init(name: [UInt8]?) { self.name = name }

    var borders: MessageBorders { .json }

    private static let bare: Set<String> = ["logout", "names", "help", "rooms", "leave"]
    private static let withContent: Set<String> = [
        "login", "msg", "create", "join", "kick", "ban", "remove",
    ]

    mutating func connected() -> [ChatEffect] {
        let login = name.map { [Self.request("login", $0)] } ?? []
        if name != nil { awaited.begin() }
        return [.ask(.mark("> "))] + login
    }

    mutating func take(_ line: [UInt8]) -> [ChatEffect] {
        let word = line.prefix { $0 != 0x20 }
        let name = String(decoding: word, as: UTF8.self)
        let content = Array(line.dropFirst(word.count + 1))
        if Self.bare.contains(name) {
            guard content.isEmpty else { return [.show("(\(name) takes no argument)")] }
            let leaving: [ChatEffect] = name == "logout" ? [.leave] : []
            return leaving + [Self.request(name, nil)]
        }
        guard Self.withContent.contains(name) else {
            return [.show("(say msg <text>; others are login <name>, logout, names and help)")]
        }
        if name == "login" { awaited.begin() }
        return [Self.request(name, content)]
    }

    mutating func received(_ message: [UInt8], on link: ChatLink) -> [ChatEffect] {
        guard let node = try? JSONReader.parse(whole: message) else { return [.show(message)] }
        let shown = Self.lines(node).map { ChatEffect.show($0) }
        // Whatever is no message of somebody may be the answer.
        guard awaited.isDue, node["response"]?.value.text != "message" else { return shown }
        awaited.end()
        return shown + goOn()
    }

    // MARK: Requests

    /// `content` that is not UTF-8 cannot be JSON; its bad bytes are sent as U+FFFD.
    private static func request(_ name: String, _ content: [UInt8]?) -> ChatEffect {
        var bytes = Array("{\"request\": \"\(name)\", \"content\": ".utf8)
        if let content {
            bytes.append(UInt8(ascii: "\""))
            let text = Array(String(decoding: content, as: UTF8.self).utf8)
            text.withUnsafeBytes { JSONStringCoding.append($0, to: &bytes) }
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes += Array("null".utf8)
        }
        bytes.append(UInt8(ascii: "}"))
        return .send(MessageToCut(bytes: bytes), on: .main)
    }

    // MARK: Responses

    /// What is shown of one response; each element of a history is a response, too.
    private static func lines(_ node: JSONNode, isInHistory: Bool = false) -> [[UInt8]] {
        guard let content = node["content"] else { return [plain(node)] }
        let isHistory = node["response"]?.value.text == "history" && !isInHistory
        if isHistory, let elements = content.value.elements {
            return elements.flatMap(element)
        }
        let time = node["timestamp"].map { plain($0) + [0x20] } ?? []
        let kind = node["response"]?.value.text == "error" ? Array("error: ".utf8) : []
        return [time + sender(node) + kind + indented(plain(content))]
    }

    private static func sender(_ node: JSONNode) -> [UInt8] {
        guard let sender = node["sender"], sender.value != .null else { return [] }
        return [UInt8(ascii: "[")] + plain(sender) + [UInt8(ascii: "]"), 0x20]
    }

    /// An object, or a string that holds one, is a response; any other string is a text.
    private static func element(_ node: JSONNode) -> [[UInt8]] {
        if node.value.members != nil { return lines(node, isInHistory: true) }
        guard let bytes = node.value.bytes, let inner = try? JSONReader.parse(whole: bytes),
            inner.value.members != nil
        else { return [indented(plain(node))] }
        return lines(inner, isInHistory: true)
    }

    /// A string as it is, an array with commas between, all else as JSON.
    private static func plain(_ node: JSONNode) -> [UInt8] {
        guard let elements = node.value.elements else { return single(node) }
        return Array(elements.map { single($0) }.joined(separator: Array(", ".utf8)))
    }

    private static func single(_ node: JSONNode) -> [UInt8] {
        if let bytes = node.value.bytes { return bytes }
        var writer = JSONWriter()
        writer.value(node)
        return writer.bytes
    }

    /// Further lines stand apart from the first one, so no text can pretend to be another message.
    private static func indented(_ text: [UInt8]) -> [UInt8] {
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        return Array(lines.joined(separator: Array("\n    ".utf8)))
    }
}
