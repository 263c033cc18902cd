// SPDX-License-Identifier: Apache-2.0

/// A protocol as whoever serves it needs to know it: a name, its faults, a way to make a server.
package struct ChatProtocol: Sendable {
    package let name: String

    /// What it is, for a help text.
    package let summary: String

    /// The defects that a server of this protocol can be made with.
    package let faults: [Fault]

    /// What its servers can be told beside what all servers can.
    package let options: [ProtocolOption]

    private let factory: @Sendable (ServerConfiguration) -> any ChatServer

    init(
        name: String,
        summary: String,
        options: [ProtocolOption] = [],
        faults: [Fault],
        factory: @escaping @Sendable (ServerConfiguration) -> any ChatServer
    ) {
        self.name = name
        self.summary = summary
        self.options = options
        self.faults = faults
        self.factory = factory
    }

    /// Makes a server that nobody is connected to.
    package func makeServer(
        _ configuration: ServerConfiguration = ServerConfiguration()
    ) -> any ChatServer {
        factory(configuration)
    }

    /// The fault of that name, or `nil`.
    package func fault(named name: String) -> Fault? { faults.first { $0.name == name } }
}

/// Every protocol there is.
package enum ProtocolCatalog {
    package static let protocols: [ChatProtocol] = [.padded]

    /// The protocol of that name, or `nil`.
    package static func find(_ name: String) -> ChatProtocol? {
        protocols.first { $0.name == name }
    }
}
