// SPDX-License-Identifier: Apache-2.0

/// A protocol as whoever serves it needs to know it: a name, its faults, a way to make a server.
package struct ChatProtocol: Sendable {
    package let name: String

    /// What it is, for a help text.
    package let summary: String

    /// The defects that a server of this protocol can be made with.
    ///
    /// Made when they are asked for: most servers are started without one, and there are hundreds.
    package var faults: [Fault] { makeFaults() }
    private let makeFaults: @Sendable () -> [Fault]

    /// What its servers can be told beside what all servers can.
    package let options: [ProtocolOption]

    /// The files that its servers read at their start.
    package let files: [ProtocolFile]

    /// Whether its servers are to be told the time (``ServerEvent/time``).
    package let needsTime: Bool

    /// What its servers can keep, and the option that names the file.
    package let store: (schema: StoreSchema, option: String)?

    /// Whether clients say passwords, so that what they say is nobody's business.
    package let readsPasswords: Bool

    /// How much work hashing a password is; `nil` for a protocol that hashes none.
    package let passwordCost: (@Sendable (ServerConfiguration) -> PasswordCost)?

    /// Whether its servers look names up.
    package let looksUp: Bool

    /// What stands against serving at an address, host and port in numbers.
    package let startProblem:
        (@Sendable (ServerConfiguration, _ host: [UInt8], _ port: UInt16) -> StartProblem?)?

    private let factory: @Sendable (ServerConfiguration) -> any ChatServer

    init(
        name: String,
        summary: String,
        options: [ProtocolOption] = [],
        files: [ProtocolFile] = [],
        needsTime: Bool = false,
        store: (schema: StoreSchema, option: String)? = nil,
        readsPasswords: Bool = false,
        passwordCost: (@Sendable (ServerConfiguration) -> PasswordCost)? = nil,
        looksUp: Bool = false,
        startProblem: (@Sendable (ServerConfiguration, [UInt8], UInt16) -> StartProblem?)? = nil,
        faults: @autoclosure @escaping @Sendable () -> [Fault],
        factory: @escaping @Sendable (ServerConfiguration) -> any ChatServer
    ) {
        self.name = name
        self.summary = summary
        self.options = options
        self.files = files
        self.needsTime = needsTime
        self.store = store
        self.readsPasswords = readsPasswords
        self.passwordCost = passwordCost
        self.looksUp = looksUp
        self.startProblem = startProblem
        makeFaults = faults
        self.factory = factory
    }

    /// Makes a server that nobody is connected to.
    package func makeServer(
        _ configuration: ServerConfiguration = ServerConfiguration()
    ) -> any ChatServer {
        factory(configuration)
    }

    /// Where a server with this configuration is to keep what it stores; `nil` for one that does
    /// not.
    package func storeFile(_ configuration: ServerConfiguration) -> String? {
        store.flatMap { configuration.text($0.option) }
    }

    /// The fault of that name, or `nil`.
    package func fault(named name: String) -> Fault? { faults.first { $0.name == name } }
}

/// Every protocol there is.
package enum ProtocolCatalog {
    package static let protocols: [ChatProtocol] = [.padded, .hello, .json, .callback, .channels]

    /// The protocol of that name, or `nil`.
    package static func find(_ name: String) -> ChatProtocol? {
        protocols.first { $0.name == name }
    }
}
