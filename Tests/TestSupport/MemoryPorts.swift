// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import ConformanceCore
import Specs

/// The connections of a machine that runs in memory, as the kernel would hold them.
struct MemoryConnections {
    struct Connection {
        /// Where its other end is.
        var host: [UInt8]
        /// The plan's connection, once a step has accepted it.
        var link: LinkID?
        var isOpen = true
        var end: EndKind?
        var isReading = true
        /// The machine wants nothing of it for now.
        var isPaused = false
        /// What the machine has not taken yet.
        var unread: [UInt8] = []
        /// Whether somebody waits for the machine to take everything.
        var isAwaited = false
        /// What waits for a peer that does not read.
        var held: [UInt8] = []
    }

    private var all: [Connection] = []
    private var slots: [LinkID: UInt32] = [:]

    mutating func add(host: [UInt8], link: LinkID?) -> ConnectionID {
        let id = ConnectionID(slot: UInt32(all.count), generation: 0)
        all.append(Connection(host: host))
        if let link { attach(id, to: link) }
        return id
    }

    mutating func attach(_ id: ConnectionID, to link: LinkID) {
        all[Int(id.slot)].link = link
        slots[link] = id.slot
    }

    func id(of link: LinkID) -> ConnectionID? {
        slots[link].map { ConnectionID(slot: $0, generation: 0) }
    }

    subscript(id: ConnectionID) -> Connection? {
        get { all.indices.contains(Int(id.slot)) ? all[Int(id.slot)] : nil }
        set { if let newValue { all[Int(id.slot)] = newValue } }
    }

    subscript(link: LinkID) -> Connection? {
        get { id(of: link).flatMap { self[$0] } }
        set { if let id = id(of: link) { self[id] = newValue } }
    }
}

/// The ports that a plan has opened, and who has come to them.
struct MemoryPorts {
    static let ownHost = Array("127.0.0.1".utf8)

    private struct Port {
        var listener: ListenerID
        var kind: PortKind
        /// `nil` for every address.
        var host: [UInt8]?
        var arrived: [ConnectionID] = []
        var expected: [LinkID] = []
    }

    /// The number of the port that is opened as the first, the second and so on.
    static func number(_ place: Int) -> UInt16 { UInt16(20_000 + place) }

    enum Answer {
        case connected(ListenerID)
        case refused
        case nothing
    }

    private var ports: [UInt16: Port] = [:]

    /// One that is open already stays what it is.
    mutating func open(_ listener: ListenerID, _ kind: PortKind, at host: [UInt8]?) -> UInt16 {
        if let open = ports.first(where: { $0.value.listener == listener }) { return open.key }
        let number = Self.number(ports.count)
        ports[number] = Port(listener: listener, kind: kind, host: host)
        return number
    }

    /// What becomes of who connects to this port.
    func answer(at host: [UInt8], _ number: UInt16) -> Answer {
        guard let port = ports[number], port.host == nil || port.host == host else {
            return .refused
        }
        switch port.kind {
        case .listening: return .connected(port.listener)
        case .refusing: return .refused
        case .swallowing: return .nothing
        }
    }

    mutating func arrive(_ id: ConnectionID, at listener: ListenerID) {
        change(listener) { $0.arrived.append(id) }
    }

    mutating func expect(_ link: LinkID, at listener: ListenerID) {
        change(listener) { $0.expected.append(link) }
    }

    /// The next who has come and whom a step waits for.
    mutating func nextPair(at listener: ListenerID) -> (ConnectionID, LinkID)? {
        var pair: (ConnectionID, LinkID)?
        change(listener) { port in
            guard let id = port.arrived.first, let link = port.expected.first else { return }
            port.arrived.removeFirst()
            port.expected.removeFirst()
            pair = (id, link)
        }
        return pair
    }

    func hasWaiting(at listener: ListenerID) -> Bool {
        ports.values.contains { $0.listener == listener && !$0.arrived.isEmpty }
    }

    private mutating func change(_ listener: ListenerID, _ body: (inout Port) -> Void) {
        for number in ports.keys where ports[number]?.listener == listener {
            if var port = ports[number] {
                body(&port)
                ports[number] = port
            }
        }
    }
}

extension InMemoryExecutor {
    /// Connects the machine to a port of the plan, as the kernel does: before anybody accepts.
    mutating func connect(_ ticket: ConnectTicket, _ target: ConnectTarget) {
        let host: [UInt8]
        switch target.host {
        case .ofClient(let client): host = connections[client]?.host ?? MemoryPorts.ownHost
        case .own: host = MemoryPorts.ownHost
        case .address(let text): host = text
        }
        switch ports.answer(at: host, target.port) {
        case .nothing: break
        case .refused: server.handle(.refused(ticket), into: &effects)
        case .connected(let listener):
            let id = connections.add(host: host, link: nil)
            ports.arrive(id, at: listener)
            server.handle(.connectedOut(ticket, id), into: &effects)
            acceptWaiting(at: listener)
        }
    }

    /// Gives those who have come to the steps that wait for them, with what was sent meanwhile.
    mutating func acceptWaiting(at listener: ListenerID) {
        while let (id, link) = ports.nextPair(at: listener) {
            connections.attach(id, to: link)
            if let host = connections[id]?.host { tellOwnAddress(host, on: link) }
            events.append(.connected(link))
            guard let connection = connections[id] else { continue }
            if !connection.held.isEmpty {
                events.append(.received(link, connection.held))
                connections[id]?.held = []
            }
            if let end = connection.end { events.append(.ended(link, end)) }
        }
    }
}
