// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

extension Verdict {
    /// Whether people want to know why.
    var isUnsuccessful: Bool {
        switch self {
        case .warn, .fail, .inconclusive, .error: true
        case .pass, .observed, .skipped: false
        }
    }
}
