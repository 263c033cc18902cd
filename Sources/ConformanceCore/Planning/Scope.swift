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
