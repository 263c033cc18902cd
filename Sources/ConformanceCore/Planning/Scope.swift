// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Names that mean something at a place of a scenario, innermost first.
struct Scope {
    /// Iteration variables, their fields (`case.send`), and parameters of procedures.
    var variables: [String: [UInt8]] = [:]

    func binding(_ name: String, to value: [UInt8]) -> Scope {
        var inner = self
        inner.variables[name] = value
        return inner
    }

    func without(_ names: [String]) -> Scope {
        var inner = self
        for name in names { inner.variables[name] = nil }
        return inner
    }
}

/// One round of an iteration: what its variables are, and what it is called.
struct Round {
    var scope = Scope()
    var label = ""
    var level: Level?
    /// What was chosen for each variable, to make this round again without the others.
    var choices: [Choice] = []

    enum Choice {
        case number(Int)
        case element(Int)
    }
}

/// Draws names and texts, each from a stream of its own, so that the order of asking is no matter.
struct ValueSource {
    let generators: [String: Generator]
    let random: SeededGenerator

    func draw(_ generator: String, for label: String, length: Int? = nil) -> [UInt8] {
        var random = random.derived(for: label)
        guard let kind = generators[generator] else { return Array("unknown".utf8) }
        let span = kind.length.upperBound - kind.length.lowerBound + 1
        let count = length ?? kind.length.lowerBound + random.next(below: span)
        var bytes: [UInt8] = []
        for index in 0..<max(count, 0) {
            let alphabet = index == 0 ? kind.first : kind.alphabet
            bytes += alphabet[random.next(below: alphabet.count)]
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
