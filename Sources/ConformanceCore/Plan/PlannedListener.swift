// SPDX-License-Identifier: Apache-2.0

/// A port of the runner's own, by its number in its plan.
package struct ListenerID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (left: ListenerID, right: ListenerID) -> Bool {
        left.index < right.index
    }
}

/// One port that a plan opens, for the server to connect to.
package struct PlannedListener: Equatable, Sendable {
    package var peer: String
    package var name: String
    /// Where it is; `nil` for all addresses of the machine.
    package var from: [UInt8]?

    /// How people call it.
    package var label: String { "\(peer).\(name)" }
    /// What stands in texts for its number until it is known.
    package var portCapture: String { "port:\(label)" }
}
