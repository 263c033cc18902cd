// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// The recorded packets of a scenario, each with its place in the stream of its connection.
///
/// What the transcript tells is looked for by its bytes: the runner's times are later than the
/// kernel's, and one write may have become several packets, or several one.
struct LivePackets {
    struct Packet {
        var recorded: RecordedPacket
        var link: LinkID
        var direction: Direction
        var flags: TCPPacket.Flags
        /// Which bytes of its direction it carries.
        var range: Range<Int>
        /// Up to which byte of the other direction it acknowledges, the end counted as one.
        var acknowledged: Int
        var comments: [String] = []

        /// Whether it only acknowledges.
        var isEmpty: Bool { range.isEmpty && flags.isDisjoint(with: [.syn, .fin, .rst]) }
    }

    private(set) var packets: [Packet] = []
    private var streams: [LiveStream.Name: LiveStream] = [:]
    private var last: [LinkID: Int] = [:]
    private var lastOfAll: Int?

    init(_ recording: Recording, _ transcript: Transcript) {
        let assigned = FlowAssignment(recording, transcript).packets
        let starts = Self.starts(assigned)
        for packet in assigned {
            let stream = LiveStream.Name(link: packet.link, direction: packet.direction)
            let other = LiveStream.Name(link: packet.link, direction: packet.direction.opposite)
            let segment = packet.segment
            let begin =
                segment.flags.contains(.syn)
                ? 0 : Self.offset(segment.sequence, starts[stream])
            streams[stream, default: LiveStream()].add(packets.count, upTo: begin + segment.length)
            packets.append(
                Packet(
                    recorded: packet.recorded, link: packet.link, direction: packet.direction,
                    flags: segment.flags, range: begin..<(begin + segment.length),
                    acknowledged: segment.flags.contains(.ack)
                        ? Self.offset(segment.acknowledgement, starts[other]) : 0))
        }
    }

    /// The numbers of the first bytes: those after the SYNs.
    private static func starts(_ packets: [FlowAssignment.Packet]) -> [LiveStream.Name: UInt32] {
        packets.reduce(into: [:]) { starts, packet in
            guard packet.segment.flags.contains(.syn) else { return }
            let stream = LiveStream.Name(link: packet.link, direction: packet.direction)
            starts[stream] = packet.segment.sequence &+ 1
        }
    }

    /// Numbers of bytes begin anew after four billion; no scenario sends half as many.
    private static func offset(_ number: UInt32, _ start: UInt32?) -> Int {
        start.map { Int(Int32(bitPattern: number &- $0)) } ?? 0
    }

    /// Where the packets of one direction of a connection stand, in the order of their times.
    func places(_ link: LinkID, _ direction: Direction) -> [Int] {
        streams[LiveStream.Name(link: link, direction: direction)]?.places ?? []
    }

    func flagged(_ flag: TCPPacket.Flags, _ link: LinkID, _ direction: Direction) -> Int? {
        places(link, direction).first { packets[$0].flags.contains(flag) }
    }
}

// MARK: Where comments go

extension LivePackets: CommentedPackets {
    var isEmpty: Bool { packets.isEmpty }

    mutating func advance(to entry: TranscriptEntry) -> Int? {
        switch entry.event {
        case .connecting(let link): note(flagged(.syn, link, .client))
        case .connected(let link): note(flagged(.syn, link, .server))
        case .refused(let link, _): note(flagged(.rst, link, .server))
        case .sent(let link, let bytes, _): carry(bytes.count, link, .client)
        case .received(let link, let bytes): carry(bytes.count, link, .server)
        case .closedWrite(let link), .closed(let link): note(ending(link, .client, [.fin, .rst]))
        case .reset(let link): note(ending(link, .client, [.rst, .fin]))
        case .ended(let link, .fin): note(ending(link, .server, [.fin, .rst]))
        case .ended(let link, .reset): note(ending(link, .server, [.rst, .fin]))
        case .began, .finished, .learned, .listening, .accepting, .arrivals, .said, .taken, .cut,
            .message,
            .barrierSent, .barrierAnswered, .relayed, .confirmed, .answered, .waited, .took,
            .allowed, .cleared, .proof, .chose, .attempt, .stoppedReading,
            .resumedReading, .backlog, .waitedQuietly, .serverEnded, .restarted,
            .threads, .signalled, .searched, .aborted:
            nil
        }
    }

    func lastDataPacket(of link: LinkID?) -> Int? {
        link.flatMap { last[$0] } ?? lastOfAll ?? packets.indices.last
    }

    mutating func packet(completing message: ReceivedMessage) -> Int? {
        let end = message.message.streamOffset + message.message.bytes.count
        return carrier(of: end - 1, message.link, .server) ?? lastDataPacket(of: message.link)
    }

    mutating func comment(_ text: String, onPacket index: Int) {
        guard packets.indices.contains(index) else { return }
        packets[index].comments.append(text)
    }

    private mutating func note(_ index: Int?) -> Int? {
        guard let index else { return nil }
        last[packets[index].link] = index
        lastOfAll = index
        return index
    }

    /// The packet in which so many more bytes of a stream begin; goes on behind their end.
    private mutating func carry(_ count: Int, _ link: LinkID, _ direction: Direction) -> Int? {
        let stream = LiveStream.Name(link: link, direction: direction)
        let bytes = streams[stream, default: LiveStream()].tell(count)
        let first = carrier(of: bytes.lowerBound, link, direction)
        _ = note(carrier(of: bytes.upperBound - 1, link, direction))
        return first
    }

    private mutating func carrier(of byte: Int, _ link: LinkID, _ direction: Direction) -> Int? {
        let stream = LiveStream.Name(link: link, direction: direction)
        return streams[stream]?.carrier(of: byte, among: packets)
    }

    /// The first packet with the one flag or, where there is none, with the other.
    private func ending(
        _ link: LinkID, _ direction: Direction, _ flags: [TCPPacket.Flags]
    ) -> Int? {
        for flag in flags {
            if let index = flagged(flag, link, direction) { return index }
        }
        return nil
    }
}
