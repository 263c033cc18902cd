// SPDX-License-Identifier: Apache-2.0

/// Why a server that the runner ended and started again does not serve.
package enum RestartFailure: Hashable, Sendable {
    /// It ended before it listened: its own doing.
    case ended(String)
    /// It did not listen in time, or could not be started: that shows nothing of what it keeps.
    case undecided(String)

    package var sentence: String {
        switch self {
        case .ended(let sentence), .undecided(let sentence): sentence
        }
    }

    package var isUndecided: Bool {
        switch self {
        case .ended: false
        case .undecided: true
        }
    }
}
