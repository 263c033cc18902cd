// SPDX-License-Identifier: Apache-2.0

@testable import ChatProtocols

/// Clients of `callback` by name, in a server without sockets.
///
/// The connection a of `ann` is called `ann`, her connection b `ann.b`.
struct CallbackWorld: LineClients {
    var world: World
    var ids: [String: ConnectionID] = [:]

    static let names = ["ann", "bob", "cid", "dan"]

    static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        let file = names.map { "\($0) pw-\($0)\n" }.joined()
        configuration.give(contents: Array(file.utf8), of: CallbackSettings.usersFile)
        return configuration
    }

    /// Users who are logged in and have a connection b.
    init(_ names: String..., server: (any ChatServer)? = nil) {
        world = World(server ?? ChatProtocol.callback.makeServer(Self.configuration))
        for name in names {
            logIn(name)
            build(name)
            _ = (heard(name), heard("\(name).b"))
        }
    }

    static let receipt = "302 Message receipt successful"
    static let delivered = "303 Message delivery successful"
    static let failed = "304 Message delivery failed"
    static let unrecognized = "401 Unrecognized message"
    static let built = "201 Build connection successful"
    static let notBuilt = "202 Build connection failed"

    mutating func logIn(_ client: String) {
        connect(client)
        send(client, "/login \(client) pw-\(client)")
    }

    /// Asks for a connection b, and accepts it.
    mutating func build(_ client: String) {
        send(client, "/port 5000")
        answerConnect("\(client).b")
    }

    /// Answers the one attempt to connect there is.
    mutating func answerConnect(_ line: String, accepts: Bool = true) {
        guard let ticket = world.connects.keys.first else { return }
        if let id = world.answerConnect(ticket, accepts: accepts) { ids[line] = id }
    }

    mutating func send(_ client: String, _ lines: String...) {
        world.hand(lines.flatMap { Array(($0 + "\n").utf8) }, from: id(client))
    }

    mutating func send(_ client: String, bytes: some Sequence<UInt8>) {
        world.hand(bytes, from: id(client))
    }

    /// Confirms what is due on the user's connection b.
    mutating func confirm(_ user: String) { send("\(user).b", Self.receipt) }
}
