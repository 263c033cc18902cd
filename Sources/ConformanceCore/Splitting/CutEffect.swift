// SPDX-License-Identifier: Apache-2.0

import Specs

/// What a cut does to a case, measured by what the case comes to without it.
///
/// Rules:
/// - What fails is broken: what fails uncut is not cut at all.
/// - What warns is broken if it warns of something that it does not warn of uncut.
/// - What is inconclusive has not come to what it is about, and says nothing.
package enum CutEffect: Int, Comparable, Sendable {
    case none
    case unreached
    /// A requirement of level S is broken.
    case warning
    case failure

    package static func < (one: CutEffect, other: CutEffect) -> Bool {
        one.rawValue < other.rawValue
    }

    package var isBreak: Bool { self >= .warning }
}

extension ScenarioReport {
    /// Whether the case held, so that a cut can break it.
    package var holds: Bool {
        switch verdict {
        case .pass, .observed, .warn: true
        case .fail, .inconclusive, .skipped, .error: false
        }
    }

    /// The requirements that it warns of.
    package var warned: Set<String> {
        guard verdict == .warn else { return [] }
        return Set(judgement.findings.filter { $0.level > .open }.map(\.requirement))
    }

    /// What the cut has done, where the case warns of `known` without it.
    package func effect(besides known: Set<String>) -> CutEffect {
        switch verdict {
        case .pass, .observed, .skipped, .error: .none
        case .warn: warned.isSubset(of: known) ? .none : .warning
        case .fail: .failure
        case .inconclusive: .unreached
        }
    }

    /// The finding that makes the effect.
    package func weightiest(besides known: Set<String>) -> Finding? {
        weightyFirst.first { verdict == .fail || !known.contains($0.requirement) }
            ?? weightyFirst.first
    }
}
