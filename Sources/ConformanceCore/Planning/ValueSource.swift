// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Draws names and texts, each from a stream of its own, so that the order of asking is no matter.
struct ValueSource {
    let generators: [String: Generator]
    let random: SeededGenerator
    /// Puts other letters of the same kinds in the place of those of `random`.
    var letters: SeededGenerator?

    func draw(_ generator: String, for label: String, length: Int? = nil) -> [UInt8] {
        var random = random.derived(for: label)
        guard let kind = generators[generator] else { return Array("unknown".utf8) }
        let span = kind.length.upperBound - kind.length.lowerBound + 1
        let count = length ?? kind.length.lowerBound + random.next(below: span)
        var first = LetterExchange(letters?.derived(for: "first " + label), kind.first)
        var others = LetterExchange(letters?.derived(for: label), kind.alphabet)
        var bytes: [UInt8] = []
        for index in 0..<max(count, 0) {
            let alphabet = index == 0 ? kind.first : kind.alphabet
            let drawn = alphabet[random.next(below: alphabet.count)]
            bytes += index == 0 ? first.other(for: drawn) : others.other(for: drawn)
        }
        return bytes
    }

    /// A text of exactly `bytes` bytes; what is left of a character's room is filled with `x`.
    func draw(_ generator: String, for label: String, bytes: Int) -> [UInt8] {
        let long = draw(generator, for: label, length: max(bytes, 0))
        let fitting = UTF8Edges.prefix(of: long, fitting: max(bytes, 0))
        return Array(fitting)
            + Array(repeating: UInt8(ascii: "x"), count: max(bytes, 0) - fitting.count)
    }
}

/// Exchanges characters for others of their alphabet that are written in the same way.
///
/// A small letter stands for a small one, a digit for a digit, a character of three bytes for one
/// of three bytes; whatever has a meaning of its own (space, punctuation) stays. So a text keeps
/// its length, and its escapes theirs, in every encoding.
private struct LetterExchange {
    private var letters: SeededGenerator?
    private var alike: [UInt64: [[UInt8]]] = [:]

    init(_ letters: SeededGenerator?, _ alphabet: [[UInt8]]) {
        self.letters = letters
        guard letters != nil else { return }
        for character in alphabet { alike[Self.kind(of: character), default: []].append(character) }
    }

    mutating func other(for character: [UInt8]) -> [UInt8] {
        guard let choice = alike[Self.kind(of: character)],
            let place = letters?.next(below: choice.count)
        else { return character }
        return choice[place]
    }

    private static func kind(of character: [UInt8]) -> UInt64 {
        FNV1a.hash(
            character.lazy.map { byte -> UInt8 in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(ascii: "a")
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "A")
                case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "0")
                case 0x80...0xBF: 0x80
                case 0xC0...0xDF: 0xC0
                case 0xE0...0xEF: 0xE0
                case 0xF0...: 0xF0
                default: byte
                }
            })
    }
}
