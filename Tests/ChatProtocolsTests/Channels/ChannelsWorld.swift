// SPDX-License-Identifier: Apache-2.0

@testable import ChatProtocols

/// Clients of `channels` by name, in a server without sockets.
struct ChannelsWorld: LineClients {
    var world: World
    /// Whether passwords are looked at as soon as they come, and writes stored.
    var isPrompt = true
    var ids: [String: ConnectionID] = [:]

    init(_ server: any ChatServer) { world = World(server) }

    /// Clients that are registered and logged in by these names, with `pw` before the name as
    /// password.
    init(_ settings: ChannelsSettings = ChannelsSettings(), _ names: String...) {
        self.init(ChannelsServer(settings))
        for name in names { enter(name) }
    }

    static var stored: ChannelsSettings {
        var settings = ChannelsSettings()
        settings.hasStore = true
        return settings
    }

    /// Connects, registers and logs in.
    mutating func enter(_ name: String) {
        connect(name)
        send(name, "REGISTER \(name) pw\(name)", "LOGIN \(name) pw\(name)")
        _ = heard(name)
    }

    mutating func send(_ client: String, _ lines: String...) {
        send(client, text: lines.map { $0 + "\n" }.joined())
    }

    mutating func send(_ client: String, text: String) { send(client, bytes: Array(text.utf8)) }

    mutating func send(_ client: String, bytes: [UInt8]) {
        world.hand(bytes, from: id(client))
        attend()
    }

    /// Does what was asked for beside the machine, until nothing more is.
    mutating func attend() {
        guard isPrompt else { return }
        while !world.passwordWork.isEmpty || !world.writes.isEmpty {
            world.workOnPasswords()
            world.store()
        }
    }

    /// The lines that a client has received since the last time it was asked.
    mutating func heard(_ client: String) -> [String] {
        let bytes = world.take(id(client))
        guard !bytes.isEmpty else { return [] }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func closeInput(_ client: String) {
        world.handle(.inputClosed(id(client)))
        attend()
    }

    mutating func close(_ client: String) {
        world.handle(.closed(id(client)))
        attend()
    }

    /// A server at 127.0.0.1:4400 that federates, with this peers file.
    static func federating(
        _ file: String = "",
        hasStore: Bool = false,
        hostname: String? = nil
    ) -> ChannelsWorld {
        var settings = ChannelsSettings()
        settings.federates = true
        settings.hasStore = hasStore
        settings.hostname = hostname.map { Array($0.utf8) }
        settings.peers = (try? ChannelsPeersFile.entries(Array(file.utf8))) ?? []
        var world = ChannelsWorld(ChannelsServer(settings))
        world.world.tell(seconds: 0)
        world.world.handle(.listening(host: Array("127.0.0.1".utf8), port: 4400))
        return world
    }

    /// Such a server with a channel c that ann has joined, and a peer p at 127.0.0.2.
    static func withPeer(hasStore: Bool = false) -> ChannelsWorld {
        var world = federating(hasStore: hasStore)
        world.enter("ann")
        world.send("ann", "CREATE c", "JOIN c")
        world.peer("p", at: "127.0.0.2")
        _ = world.heard("ann")
        return world
    }

    /// Another server connects from an address, asks to federate, and is confirmed.
    mutating func link(_ name: String, from address: String) {
        connect(name)
        send(name, "FEDERATE-OUT")
        world.answerLookUps { lookUp in
            if case .client = lookUp { return [address] }
            return []
        }
    }

    /// The same, and what it hears first is thrown away.
    mutating func peer(_ name: String, at address: String) {
        link(name, from: address)
        _ = heard(name)
    }

    /// Accepts what is dialled to this address, by this name.
    @discardableResult
    mutating func accept(_ name: String, at address: String) -> Bool {
        let target = ConnectTarget.Host.address(Array(address.utf8))
        guard let ticket = world.connects.first(where: { $0.value.host == target })?.key else {
            return false
        }
        ids[name] = world.answerConnect(ticket, accepts: true)
        return true
    }
}
