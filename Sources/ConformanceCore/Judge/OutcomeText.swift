// SPDX-License-Identifier: Apache-2.0

package import Specs

extension Outcome {
    /// What is accepted, as people read it.
    func accepted(_ bound: [String: [UInt8]]) -> [String] {
        switch self {
        case .nothing: ["nothing"]
        case .close(let kind): [kind.shown]
        case .messages(let patterns):
            [
                patterns.map { $0.accepted(bound).joined(separator: " or ") }.joined(
                    separator: ", then ")
            ]
        case .messagesThenClose(let patterns, let kind):
            [
                (patterns.map { $0.accepted(bound).joined(separator: " or ") } + [kind.shown])
                    .joined(separator: ", then ")
            ]
        }
    }
}

extension CloseKind {
    /// As people read it.
    package var shown: String {
        switch self {
        case .fin: "an orderly close"
        case .reset: "a reset"
        case .either: "a close"
        }
    }
}
