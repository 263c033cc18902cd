// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Draws names and texts, each from a stream of its own, so that the order of asking is no matter.
struct ValueSource {
    let generators: [String: Generator]
    let random: SeededGenerator
    /// Puts other letters of the same kinds in the place of those of `random`.
    var letters: LetterExchange?

    func draw(_ generator: String, for label: String, length: Int? = nil) -> [UInt8] {
        var random = random.derived(for: label)
        guard let kind = generators[generator] else { return Array("unknown".utf8) }
        let span = kind.length.upperBound - kind.length.lowerBound + 1
        let count = length ?? kind.length.lowerBound + random.next(below: span)
        var exchange = letters?.exchange(of: generator, for: label)
        var text: [UInt8] = []
        text.reserveCapacity(max(count, 0) * (kind.alphabet.first?.count ?? 1))
        for index in 0..<max(count, 0) {
            let alphabet = index == 0 ? kind.first : kind.alphabet
            let drawn = alphabet[random.next(below: alphabet.count)]
            text += exchange?.next(for: drawn) ?? drawn
        }
        return text
    }

    /// A text of exactly `bytes` bytes; what is left of a character's room is filled with `x`.
    func draw(_ generator: String, for label: String, bytes: Int) -> [UInt8] {
        let long = draw(generator, for: label, length: max(bytes, 0))
        let fitting = UTF8Edges.prefix(of: long, fitting: max(bytes, 0))
        return Array(fitting)
            + Array(repeating: UInt8(ascii: "x"), count: max(bytes, 0) - fitting.count)
    }
}
