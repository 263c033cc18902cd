// SPDX-License-Identifier: Apache-2.0

import Specs

/// A connection, by its number in its plan.
package struct LinkID: Hashable, Comparable, Sendable {
    package var index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (left: LinkID, right: LinkID) -> Bool { left.index < right.index }
}

/// One connection that a plan opens.
package struct PlannedLink: Equatable, Sendable {
    package var peer: String
    package var link: String
    /// The name that the peer goes by in this run.
    package var name: [UInt8]
    /// Whether the plan makes use of that name, so that the server can have learned it.
    package var isNamed = false
    /// The kind of connection (`links` of `protocol.json`) that it is.
    package var kind = StepTemplate.mainLink

    /// The server that it goes to; `nil` for one that a server opens.
    package var server: ServerID?
    /// Texts name the runner's own address on it, which is known when it is connected.
    package var isAddressNamed = false
    /// The peer's first connection of this name, in whose place it stands once that is over.
    package var follows: LinkID?
    /// Which connection of this name it is.
    package var number = 1

    /// What stands in texts for that address until it is known.
    package var hostCapture: String { "host:\(label)" }

    /// How people call it: the peer, the link where that is not the only one, and how often it has
    /// been opened.
    package var label: String {
        let name = link == StepTemplate.mainLink ? peer : "\(peer).\(link)"
        return number == 1 ? name : "\(name) (\(number))"
    }
}
