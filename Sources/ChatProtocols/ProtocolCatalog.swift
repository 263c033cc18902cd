// SPDX-License-Identifier: Apache-2.0

/// A protocol as whoever serves it needs to know it: a name, its faults, a way to make a server.
package struct ChatProtocol: Sendable {
    package let name: String
    package let summary: String

    /// The defects that a server of this protocol can be made with.
    package let faults: [Fault]

    private let factory: @Sendable (Fault?) -> any ChatServer

    init(
        name: String,
        summary: String,
        faults: [Fault],
        factory: @escaping @Sendable (Fault?) -> any ChatServer
    ) {
        self.name = name
        self.summary = summary
        self.faults = faults
        self.factory = factory
    }

    /// Makes a server nobody is connected to, with the one defect that is asked for.
    package func makeServer(fault: Fault? = nil) -> any ChatServer { factory(fault) }
}

/// Every protocol there is.
package enum ProtocolCatalog {
    package static let protocols: [ChatProtocol] = [.padded]

    /// The protocol of that name, or `nil`.
    package static func find(_ name: String) -> ChatProtocol? {
        protocols.first { $0.name == name }
    }
}
