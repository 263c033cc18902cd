// SPDX-License-Identifier: Apache-2.0

/// An element of `expectAll`: one message, or one for each round of an iteration.
package struct ExpectedElement: Equatable, Sendable {
    package var each: Iteration?
    package var peer: Template?
    package var link: String
    package var pattern: PatternTemplate
    package var observes: String?
    package var position: SourcePosition
    package var observesPosition: SourcePosition?
}

package enum CloseKind: String, CaseIterable, Equatable, Sendable {
    case fin
    case reset
    case either
}

/// What may have come: used by `either`, `observe` and `eventually`.
package enum OutcomeTemplate: Equatable, Sendable {
    case messages([PatternTemplate])
    case nothing
    case close(CloseKind)
    case messagesThenClose([PatternTemplate], CloseKind)
}

/// One way on from an `either` or `observe`.
package struct AlternativeTemplate: Equatable, Sendable {
    package var outcome: OutcomeTemplate
    package var label: String?
    package var tolerated: String?
    package var steps: [StepTemplate]
}
