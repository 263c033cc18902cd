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

    private struct Stream: Hashable {
        var link: LinkID
        var direction: Direction
    }

    private(set) var packets: [Packet] = []
    private var places: [Stream: [Int]] = [:]
    /// Behind the last byte of each stream.
    private var ends: [Stream: Int] = [:]
    /// Where among its packets a stream was looked at last; it is gone through forwards.
    private var hints: [Stream: Int] = [:]
    /// How many bytes the transcript has told of.
    private var told: [Stream: Int] = [:]
    private var last: [LinkID: Int] = [:]
    private var lastOfAll: Int?

    init(_ recording: Recording, _ transcript: Transcript) {
        let assigned = FlowAssignment(recording, transcript).packets
        let starts = Self.starts(assigned)
        for packet in assigned {
            let stream = Stream(link: packet.link, direction: packet.direction)
            let other = Stream(link: packet.link, direction: packet.direction.opposite)
            let segment = packet.segment
            let begin =
                segment.flags.contains(.syn)
                ? 0 : Self.offset(segment.sequence, starts[stream])
            places[stream, default: []].append(packets.count)
            ends[stream] = max(ends[stream] ?? 0, begin + segment.length)
            packets.append(
                Packet(
                    recorded: packet.recorded, link: packet.link, direction: packet.direction,
                    flags: segment.flags, range: begin..<(begin + segment.length),
                    acknowledged: segment.flags.contains(.ack)
                        ? Self.offset(segment.acknowledgement, starts[other]) : 0))
        }
    }

    /// The numbers of the first bytes: those after the SYNs.
    private static func starts(_ packets: [FlowAssignment.Packet]) -> [Stream: UInt32] {
        packets.reduce(into: [:]) { starts, packet in
            guard packet.segment.flags.contains(.syn) else { return }
            let stream = Stream(link: packet.link, direction: packet.direction)
            starts[stream] = packet.segment.sequence &+ 1
        }
    }

    /// Numbers of bytes begin anew after four billion; no scenario sends half as many.
    private static func offset(_ number: UInt32, _ start: UInt32?) -> Int {
        start.map { Int(Int32(bitPattern: number &- $0)) } ?? 0
    }

    // MARK: Whether all is there

    /// Throws unless every connection was recorded from its beginning, with all that its ends
    /// acknowledged and all that the runner received.
    func check(_ transcript: Transcript, of plan: Plan) throws(RecordingGap) {
        guard packets.allSatisfy({ $0.recorded.bytes.count == $0.recorded.length }) else {
            throw .cutOff
        }
        var received: [LinkID: Int] = [:]
        var accepting: Set<LinkID> = []
        var beginnings: [(link: LinkID, direction: Direction)] = []
        for entry in transcript.entries {
            switch entry.event {
            case .connecting(let link): beginnings.append((link, .client))
            case .accepting(let link): accepting.insert(link)
            case .connected(let link):
                if accepting.contains(link) { beginnings.append((link, .client)) }
                beginnings.append((link, .server))
            case .received(let link, let bytes): received[link, default: 0] += bytes.count
            default: continue
            }
        }
        for (link, direction) in beginnings {
            guard flagged(.syn, link, direction) != nil else { throw .unseen(plan.label(of: link)) }
            let least = direction == .server ? received[link] ?? 0 : 0
            guard isWhole(link, direction, atLeast: least) else {
                throw .bytesMissing(plan.label(of: link))
            }
        }
    }

    private func isWhole(_ link: LinkID, _ direction: Direction, atLeast count: Int) -> Bool {
        let sent = places[Stream(link: link, direction: direction)] ?? []
        let answers = places[Stream(link: link, direction: direction.opposite)] ?? []
        var end = 0
        for range in sent.map({ packets[$0].range }).sorted(by: { $0.lowerBound < $1.lowerBound })
        where !range.isEmpty {
            guard range.lowerBound <= end else { return false }
            end = max(end, range.upperBound)
        }
        let finish = sent.contains { packets[$0].flags.contains(.fin) } ? 1 : 0
        let acknowledged = answers.map { packets[$0].acknowledged }.max() ?? 0
        return count <= end && acknowledged <= end + finish
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
        let begin = told[Stream(link: link, direction: direction), default: 0]
        told[Stream(link: link, direction: direction)] = begin + count
        let first = carrier(of: begin, link, direction)
        _ = note(carrier(of: begin + count - 1, link, direction))
        return first
    }

    private mutating func carrier(of byte: Int, _ link: LinkID, _ direction: Direction) -> Int? {
        let stream = Stream(link: link, direction: direction)
        guard let places = places[stream], byte < ends[stream] ?? 0 else { return nil }
        let hint = hints[stream] ?? 0
        // What was sent again, or came out of order, may stand before what was asked for last.
        for range in [hint..<places.count, 0..<hint] {
            let found = range.first { packets[places[$0]].range.contains(byte) }
            guard let found else { continue }
            hints[stream] = found
            return places[found]
        }
        return nil
    }

    private func flagged(
        _ flag: TCPPacket.Flags, _ link: LinkID, _ direction: Direction
    ) -> Int? {
        places[Stream(link: link, direction: direction)]?.first { packets[$0].flags.contains(flag) }
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
