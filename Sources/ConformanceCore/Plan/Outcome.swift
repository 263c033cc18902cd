// SPDX-License-Identifier: Apache-2.0

package import Specs

/// What may have come.
package enum Outcome: Equatable, Sendable {
    case messages([Pattern])
    case nothing
    case close(CloseKind)
    case messagesThenClose([Pattern], CloseKind)

    var patterns: [Pattern] {
        switch self {
        case .messages(let patterns), .messagesThenClose(let patterns, _): patterns
        case .nothing, .close: []
        }
    }

    var close: CloseKind? {
        switch self {
        case .close(let kind), .messagesThenClose(_, let kind): kind
        case .messages, .nothing: nil
        }
    }
}

package struct Alternative: Equatable, Sendable {
    package var outcome: Outcome
    package var label: String?
    package var tolerated: String?
    package var steps: [PlanStep]
}
