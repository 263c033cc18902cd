// SPDX-License-Identifier: Apache-2.0

/// A defect that a server can be started with, to see that a conformance suite notices it.
package struct Fault: Sendable {
    /// How the command line names it.
    package let name: String

    /// The id of the requirement that it breaks; it may break others on the way.
    package let breaks: String

    /// What the server does wrong, in one sentence without a period.
    package let summary: String

    private let factory: @Sendable (ServerConfiguration) -> any ChatServer

    init<Family: FaultFamily>(_ fault: Family) {
        name = fault.rawValue
        breaks = fault.meaning.breaks
        summary = fault.meaning.summary
        factory = { fault.makeServer($0) }
    }

    /// Makes a server that has this defect and no other.
    package func makeServer(
        _ configuration: ServerConfiguration = ServerConfiguration()
    ) -> any ChatServer {
        factory(configuration)
    }
}

/// Defects of one kind, which one wrapper around the right server brings about.
///
/// The wrapper replaces one stage (cutting the stream, a command, the output) and leaves the rest
/// to the server that is right, which knows of no fault.
protocol FaultFamily: CaseIterable, RawRepresentable<String>, Sendable {
    var meaning: FaultMeaning { get }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer
}

extension FaultFamily {
    static var faults: [Fault] { allCases.map { Fault($0) } }
}

/// What a fault breaks, and how.
struct FaultMeaning {
    let breaks: String
    let summary: String

    init(_ breaks: String, _ summary: String) {
        self.breaks = breaks
        self.summary = summary
    }
}
