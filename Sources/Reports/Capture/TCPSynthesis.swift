// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Makes packets of what the runner did and saw, one connection at a time.
///
/// Rules: connecting is a SYN; being connected the other two packets of the handshake; being
/// refused a RST. Each segment, in either direction, is acknowledged at once. A close of either
/// side is a FIN, once; a reset ends the connection, and nothing follows it. What belongs to no
/// open connection makes no packet.
struct TCPSynthesis: CommentedPackets {
    struct Packet {
        var time: Int64
        var link: LinkID
        var bytes: [UInt8]
        /// Whether it only acknowledges.
        var isEmpty: Bool
        var comments: [String] = []
    }

    private(set) var packets: [Packet] = []
    private let plan: Plan
    private let addresses: CaptureAddresses
    private let endpoints: PcapngCapture.Endpoints
    private var connections: [LinkID: TCPConnection] = [:]
    /// Connections that the server is still to open.
    private var waiting: Set<LinkID> = []
    private var ports: [ListenerID: UInt16] = [:]
    /// How many connections there have been.
    private var count: UInt32 = 0
    private var lastTime: Int64 = 0

    init(plan: Plan, addresses: CaptureAddresses, endpoints: PcapngCapture.Endpoints) {
        self.plan = plan
        self.addresses = addresses
        self.endpoints = endpoints
    }

    var isEmpty: Bool { packets.isEmpty }

    /// Makes the packets of what an entry tells; returns the first.
    mutating func advance(to entry: TranscriptEntry) -> Int? {
        let count = packets.count
        add(entry)
        return packets.count > count ? count : nil
    }

    private mutating func add(_ entry: TranscriptEntry) {
        lastTime = max(lastTime, entry.time)
        switch entry.event {
        case .connecting(let link):
            connections[link] = connection(link)
            put(link) { [$0.request()] }
        case .connected(let link):
            if waiting.remove(link) != nil { beginAccepted(link) }
            put(link) { $0.accept() }
        case .accepting(let link): waiting.insert(link)
        case .listening(let listener, let port): ports[listener] = port
        case .refused(let link, _): put(link) { $0.refuse() }
        case .sent(let link, let bytes, _): put(link) { $0.carry(bytes, from: .client) }
        case .received(let link, let bytes): put(link) { $0.carry(bytes, from: .server) }
        case .closedWrite(let link), .closed(let link): put(link) { $0.finish(.client) }
        case .ended(let link, .fin): put(link) { $0.finish(.server) }
        case .reset(let link): put(link) { $0.reset(.client) }
        case .ended(let link, .reset): put(link) { $0.reset(.server) }
        case .began, .finished, .learned, .arrivals, .said, .taken, .cut, .message, .barrierSent,
            .barrierAnswered, .relayed, .confirmed, .answered, .waited, .took, .allowed, .cleared,
            .proof, .chose, .attempt, .stoppedReading,
            .resumedReading, .backlog, .waitedQuietly, .serverEnded, .restarted,
            .threads, .signalled, .searched, .aborted:
            break
        }
    }

    private mutating func put(_ link: LinkID, _ make: (inout TCPConnection) -> [TCPPacket]) {
        guard var connection = connections[link] else { return }
        for packet in make(&connection) {
            let isEmpty = packet.payload.isEmpty && packet.flags == .ack
            packets.append(
                Packet(time: lastTime, link: link, bytes: packet.bytes, isEmpty: isEmpty))
        }
        connections[link] = connection
    }

    // MARK: Comments

    mutating func comment(_ text: String, onPacket index: Int) {
        guard packets.indices.contains(index) else { return }
        packets[index].comments.append(text)
    }

    /// The last packet of a connection that says something, or of all where there is none.
    func lastDataPacket(of link: LinkID?) -> Int? {
        packets.lastIndex { (link == nil || $0.link == link) && !$0.isEmpty }
            ?? packets.indices.last
    }

    func packet(completing message: ReceivedMessage) -> Int? { lastDataPacket(of: message.link) }

    // MARK: Addresses

    private mutating func connection(_ link: LinkID) -> TCPConnection {
        let isFirst = connections[link] == nil
        let port = (isFirst ? endpoints.clientPorts[link] : nil) ?? inventedPort()
        let address = addresses.client(from: sourceAddress(of: link)) ?? addresses.client
        count += 1
        if let ends = endpoints.accepted[link] {
            return TCPConnection(
                client: .init(address: ends.ours.address, port: ends.ours.port),
                server: .init(address: ends.theirs.address, port: ends.theirs.port), number: count)
        }
        return TCPConnection(
            client: .init(address: address, port: port),
            server: .init(address: addresses.server, port: endpoints.serverPort), number: count)
    }

    private mutating func beginAccepted(_ link: LinkID) {
        connections[link] = accepted(link)
        put(link) { [$0.request()] }
    }

    /// A connection that the server opens, to a port of ours.
    private mutating func accepted(_ link: LinkID) -> TCPConnection {
        count += 1
        if let ends = endpoints.accepted[link] {
            return TCPConnection(
                client: .init(address: ends.ours.address, port: ends.ours.port),
                server: .init(address: ends.theirs.address, port: ends.theirs.port),
                number: count, opener: .server)
        }
        let port = listener(of: link).flatMap { ports[$0] } ?? inventedPort()
        return TCPConnection(
            client: .init(address: addresses.client, port: port),
            server: .init(address: addresses.server, port: inventedPort()), number: count,
            opener: .server)
    }

    private func listener(of link: LinkID) -> ListenerID? {
        for step in plan.allSteps {
            if case .accept(link, let listener) = step.action { return listener }
        }
        return nil
    }

    private func inventedPort() -> UInt16 {
        let taken = Set(endpoints.clientPorts.values).union([endpoints.serverPort])
        let dynamic = 49_152...65_535
        let places = dynamic.count
        for step in 0..<places {
            let port = UInt16(dynamic.lowerBound + (Int(count) + step) % places)
            if !taken.contains(port) { return port }
        }
        return UInt16(dynamic.lowerBound)
    }

    private func sourceAddress(of link: LinkID) -> [UInt8]? {
        for step in plan.allSteps {
            switch step.action {
            case .connect(link, let options), .expectRefused(link, let options):
                return options.from
            default: continue
            }
        }
        return nil
    }
}
