// SPDX-License-Identifier: Apache-2.0

/// The protocols that `chat` and `stress` speak.
enum ChatProtocolName: String, CaseIterable, Sendable {
    case padded
    case hello
    case json
    case callback
    case channels

    static let expected = allCases.map(\.rawValue).joined(separator: ", ")
}
