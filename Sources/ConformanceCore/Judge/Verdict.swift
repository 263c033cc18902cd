// SPDX-License-Identifier: Apache-2.0

/// What a scenario comes to.
package enum Verdict: String, CaseIterable, Equatable, Sendable {
    case pass
    /// What is left open was looked at.
    case observed
    /// Only something that servers normally do was missed.
    case warn
    /// A requirement of level M is broken.
    case fail
    /// The state that the scenario is about was not reached.
    case inconclusive
    /// The server under test does not offer what the scenario needs.
    case skipped
    /// The fault is ours.
    case error

    /// Whether the verdict makes a run end with status 1.
    package var isFailure: Bool {
        switch self {
        case .fail, .inconclusive: true
        case .pass, .observed, .warn, .skipped, .error: false
        }
    }
}
