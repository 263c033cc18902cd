// SPDX-License-Identifier: Apache-2.0

package import Specs

/// A step by its number in its plan.
package struct StepID: Hashable, Comparable, Sendable {
    package var number: Int

    package init(_ number: Int) { self.number = number }

    package static func < (left: StepID, right: StepID) -> Bool { left.number < right.number }
}

/// One step of a plan.
package struct PlanStep: Equatable, Sendable {
    package var id: StepID
    package var position: SourcePosition
    package var isPreamble: Bool
    package var requirement: String
    package var level: Level
    /// The longest wait in nanoseconds, where the step has one of its own.
    package var within: Int64?
    /// The open requirement under which it is reported which alternative of its pattern came.
    package var observes: String?
    /// Why nothing but a quiet window can show that nothing (more) comes.
    package var quiet: String?
    /// Why the server may leave this without an answer, which is waited for once in a run.
    package var silence: String?
    /// How long the server itself may take here.
    package var patience: Patience?
    package var action: PlanAction
}

/// A time of the server under test, for which a step waits.
package struct Patience: Equatable, Sendable {
    package var feature: String
    package var nanoseconds: Int64
    /// The server under test has not said so: it is the longest that is allowed.
    package var isAssumed: Bool
}
