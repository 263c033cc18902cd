// SPDX-License-Identifier: Apache-2.0

import Bytes

/// `padded`: the name first, then each line a frame; what comes is shown as it is.
///
/// A name or a line over 200 bytes is cut at the last whole character that fits, and the user is told.
struct PaddedChat: ChatMachine {
    static let width = 200
    private let name: [UInt8]

    init(name: [UInt8]) { self.name = name }

    var borders: MessageBorders { .fixed(Self.width) }

    mutating func connected() -> [ChatEffect] {
        send(name, called: "a name") + [.ask(.mark("[Me] "))]
    }

    mutating func typed(_ line: [UInt8]) -> [ChatEffect] { send(line, called: "a message") }

    private func send(_ text: [UInt8], called: String) -> [ChatEffect] {
        let content = Self.fitting(text)
        guard content.count < text.count else { return [frame(text)] }
        let rest = text.count - content.count
        let lost = rest == 1 ? "the last one is" : "the last \(rest) are"
        return [
            frame(content),
            .show("(\(called) has at most \(Self.width) bytes: \(lost) not sent)"),
        ]
    }

    mutating func received(_ message: [UInt8], on link: ChatLink) -> [ChatEffect] {
        let end = message.lastIndex { !Self.isWhite($0) }.map { $0 + 1 } ?? 0
        return [.show(Array(message[..<end]))]
    }

    private func frame(_ content: [UInt8]) -> ChatEffect {
        let content = Self.fitting(content)
        let padding = [UInt8](repeating: 0x20, count: Self.width - content.count)
        return .send(
            MessageToCut(bytes: content + padding, contentLength: content.count), on: .main)
    }

    private static func fitting(_ line: [UInt8]) -> [UInt8] {
        var end = 0
        while end < line.count {
            let length = UTF8Character.at(end, in: line).length
            guard end + length <= width else { break }
            end += length
        }
        return Array(line[..<end])
    }

    /// Space, tab, CR, LF, VT and FF.
    private static func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}
