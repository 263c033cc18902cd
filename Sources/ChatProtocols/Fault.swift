// SPDX-License-Identifier: Apache-2.0

/// A defect that a server can be started with, to see that a conformance suite notices it.
package struct Fault: Hashable, Sendable {
    /// How the command line names it.
    package let name: String

    /// The id of the requirement that it breaks.
    package let breaks: String

    /// What the server does wrong, in one sentence without a period.
    package let summary: String

    package init(_ name: String, breaks: String, _ summary: String) {
        self.name = name
        self.breaks = breaks
        self.summary = summary
    }
}
