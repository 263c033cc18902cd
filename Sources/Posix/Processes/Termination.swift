// SPDX-License-Identifier: Apache-2.0

/// How a process has ended.
package enum Termination: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Signal)
    /// Somebody else has taken its status.
    case unknown

    package var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signalled(let signal): "was killed by \(signal)"
        case .unknown: "ended in an unknown way"
        }
    }
}
