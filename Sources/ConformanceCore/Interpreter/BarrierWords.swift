// SPDX-License-Identifier: Apache-2.0

import Specs

extension BarrierTemplate {
    /// `name` is that of who is to hear it, where another peer asks.
    ///
    /// `host` is the runner's own address on the connection.
    func request(nonce: [UInt8], name: [UInt8] = [], host: [UInt8] = []) -> TextPattern {
        Self.text(send, Words(nonce: nonce, name: name, host: host))
    }

    /// What stands for `${nonce}`, `${name}` and `${host}`.
    struct Words {
        var nonce: [UInt8] = []
        var name: [UInt8] = []
        var host: [UInt8] = []
    }

    func answer(nonce: [UInt8]) -> Pattern { Self.fill(answer, nonce) }

    /// What the other peer is told in the end.
    var confirmation: Pattern { through.map { Self.fill($0.confirmation, []) } ?? .any }

    static func text(_ content: ContentTemplate, _ words: Words = Words()) -> TextPattern {
        switch content {
        case .text(let text): fill(text, words)
        case .bytes(let bytes): TextPattern([.literal(bytes)])
        case .json(let content):
            TextPattern([
                .literal(content.bytes { fill($0, words).filled(with: [:]) ?? [] })
            ])
        }
    }

    private static func fill(_ template: PatternTemplate, _ nonce: [UInt8]) -> Pattern {
        let nonce = Words(nonce: nonce)
        return switch template {
        case .text(let text): .text(fill(text, nonce))
        case .contains(let text): .contains(fill(text, nonce))
        case .startsWith(let text): .startsWith(fill(text, nonce))
        case .endsWith(let text): .endsWith(fill(text, nonce))
        case .json(let json): .json(json.map { fill($0, nonce) })
        case .anyOf(let alternatives):
            .anyOf(alternatives.map { Accepted(pattern: fill($0.pattern, nonce.nonce)) })
        case .not(let refused): .not(fill(refused, nonce.nonce))
        case .bytes, .any, .items, .frame: .any
        }
    }

    /// A barrier can name these, and nothing else.
    private static func fill(_ template: Template, _ words: Words) -> TextPattern {
        TextPattern(
            template.parts.map { part in
                switch part {
                case .literal(let bytes): .literal(bytes)
                case .value(let name) where name.literal == nameWord: .literal(words.name)
                case .value(let name) where name.literal == hostWord: .literal(words.host)
                case .value: .literal(words.nonce)
                case .capture(let name): .capture(name)
                }
            })
    }

    private static let nameWord = Array("name".utf8)
    private static let hostWord = Array("host".utf8)

    /// Whether it names the runner's own address.
    var namesHost: Bool {
        guard case .text(let text) = send else { return false }
        return text.parts.contains { part in
            if case .value(let name) = part { name.literal == Self.hostWord } else { false }
        }
    }
}
