// SPDX-License-Identifier: Apache-2.0

/// How much of what a case sends a run's cut is laid over.
package enum SplitReach: String, CaseIterable, Sendable {
    /// All: the preamble, the steps, and the runner's own questions.
    case everything
    /// What the scenario's own steps send. The preamble and the runner's questions go out whole.
    case steps
}
