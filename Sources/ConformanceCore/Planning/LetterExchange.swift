// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Exchanges characters for others of their alphabet that are written in the same way.
///
/// A small letter stands for a small one, a digit for a digit, a character of three bytes for one
/// of three bytes; whatever has a meaning of its own (space, punctuation) stays. So a text keeps
/// its length, and its escapes theirs, in every encoding.
struct LetterExchange {
    /// Characters that may stand for each other, by what they are written like.
    struct Alike {
        private var kinds: [UInt64: [[UInt8]]] = [:]

        init(_ alphabet: [[UInt8]]) {
            for character in alphabet {
                kinds[Self.kind(of: character), default: []].append(character)
            }
        }

        func other(for character: [UInt8], _ letters: inout SeededGenerator) -> [UInt8] {
            guard let choice = kinds[Self.kind(of: character)] else { return character }
            return choice[letters.next(below: choice.count)]
        }

        private static func kind(of character: [UInt8]) -> UInt64 {
            character.reduce(FNV1a.empty) { FNV1a.hash($0, adding: kind(of: $1)) }
        }

        private static func kind(of byte: UInt8) -> UInt8 {
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
        }
    }

    /// The alphabets of a generator; sorted once, as every plan draws from them.
    struct Alphabets {
        let first: Alike
        let others: Alike

        init(_ generator: Generator) {
            first = Alike(generator.first)
            others = generator.alphabet == generator.first ? first : Alike(generator.alphabet)
        }
    }

    /// By the names of their generators.
    let alphabets: [String: Alphabets]
    let random: SeededGenerator

    /// Exchanges the characters of one text, from its first to its last.
    struct OfOneText {
        private let alphabets: Alphabets
        private var first: SeededGenerator
        private var others: SeededGenerator
        private var isAtFirst = true

        fileprivate init(_ alphabets: Alphabets, first: SeededGenerator, others: SeededGenerator) {
            self.alphabets = alphabets
            self.first = first
            self.others = others
        }

        /// Another character of the same kind for the next one.
        mutating func next(for character: [UInt8]) -> [UInt8] {
            guard isAtFirst else { return alphabets.others.other(for: character, &others) }
            isAtFirst = false
            return alphabets.first.other(for: character, &first)
        }
    }

    /// What exchanges the characters of a text; `nil` for a generator that is not known.
    func exchange(of generator: String, for label: String) -> OfOneText? {
        guard let alphabets = alphabets[generator] else { return nil }
        return OfOneText(
            alphabets, first: random.derived(for: "first " + label),
            others: random.derived(for: label))
    }
}
