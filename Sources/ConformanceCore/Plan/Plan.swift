// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Specs

/// A scenario, or one case of it, with every value filled in: all that is known before the run.
package struct Plan: Equatable, Sendable {
    /// The scenario's id with its case: `framing.partial[at=37]`.
    package var caseID: String
    package var scenarioID: String
    package var title: String
    package var topic: String
    /// The first one is the scenario's own; the others are covered on the way.
    package var requirements: [String]
    package var level: Level
    package var position: SourcePosition
    package var document: ProtocolDocument
    package var links: [PlannedLink]
    /// The servers under test, the first being the one that every plan has.
    package var servers: [PlannedServer] = [PlannedServer()]
    package var listeners: [PlannedListener] = []
    /// What may also arrive, at any time.
    package var allow: [Pattern]
    /// Connections that the server may end at any time, and how.
    package var allowedEnds: [LinkID: CloseKind] = [:]
    package var preamble: [PlanStep]
    package var steps: [PlanStep]
    /// How what the runner itself sends (barriers) is cut.
    package var runSplit: CutPlan
    /// The only message form that the run's plan cuts, in steps alone; `nil`: it cuts all that is
    /// sent.
    package var splitForm: String?
    package var splitReach = SplitReach.everything
    /// Draws the words of barriers.
    package var nonces: SeededGenerator
    package var needs: [Need]
    /// How many accounts it takes of those that the server under test knows.
    package var accounts = 0
    /// Why no values can be made for it, where that is so.
    package var lack: String?

    package var primaryRequirement: String { requirements.first ?? "" }
}
