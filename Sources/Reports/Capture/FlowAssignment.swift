// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Gives recorded packets to the connections of a scenario, by the addresses and ports of both ends.
///
/// A connection that was refused has no end of ours that is known: it is the first other one to
/// the same server that began while the runner tried, and carried nothing.
struct FlowAssignment {
    struct Packet {
        var recorded: RecordedPacket
        var segment: RecordedSegment
        var link: LinkID
        var direction: Direction
    }

    private struct Flow {
        var link: LinkID?
        var began: Int64
        var isEmpty = true
    }

    /// How far the clocks of runner and kernel may be apart, which are read one after the other.
    private static let tolerance: Int64 = 2_000_000

    private(set) var packets: [Packet] = []
    private var flows: [CaptureEnd: Flow] = [:]
    private let recording: Recording
    private let links: [ConnectionEnds: LinkID]

    init(_ recording: Recording, _ transcript: Transcript) {
        self.recording = recording
        links = Dictionary(
            recording.accepted.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        for (link, end) in recording.clients { flows[end] = Flow(link: link, began: .min) }
        let seen = recording.packets.compactMap { packet in
            RecordedSegment(packet, recording.linkType).map { (packet, $0) }
        }
        for (packet, segment) in seen { noteOther(packet, segment) }
        adoptRefused(transcript)
        for (packet, segment) in seen { add(packet, segment) }
    }

    private mutating func add(_ packet: RecordedPacket, _ segment: RecordedSegment) {
        if let (link, direction) = accepted(segment) {
            packets.append(
                Packet(recorded: packet, segment: segment, link: link, direction: direction))
            return
        }
        guard let direction = direction(of: segment),
            let link = flows[client(of: segment, direction)]?.link
        else { return }
        packets.append(
            Packet(recorded: packet, segment: segment, link: link, direction: direction))
    }

    /// The connection that the server opened to which this belongs.
    private func accepted(_ segment: RecordedSegment) -> (LinkID, Direction)? {
        let sent = ConnectionEnds(ours: segment.source, theirs: segment.destination)
        let received = ConnectionEnds(ours: segment.destination, theirs: segment.source)
        if let link = links[sent] { return (link, .client) }
        return links[received].map { ($0, .server) }
    }

    private func direction(of segment: RecordedSegment) -> Direction? {
        if segment.destination == recording.server { return .client }
        return segment.source == recording.server ? .server : nil
    }

    private func client(of segment: RecordedSegment, _ direction: Direction) -> CaptureEnd {
        direction == .client ? segment.source : segment.destination
    }

    private mutating func noteOther(_ packet: RecordedPacket, _ segment: RecordedSegment) {
        guard let direction = direction(of: segment) else { return }
        let client = client(of: segment, direction)
        if direction == .client, segment.flags.contains(.syn), flows[client] == nil {
            flows[client] = Flow(link: nil, began: packet.time)
        }
        if segment.length > 0 { flows[client]?.isEmpty = false }
    }

    private mutating func adoptRefused(_ transcript: Transcript) {
        var tries: [LinkID: Int64] = [:]
        for entry in transcript.entries {
            switch entry.event {
            case .connecting(let link): tries[link] = entry.time
            case .connected(let link), .refused(let link, _):
                guard recording.clients[link] == nil, let begin = tries[link] else { continue }
                adopt(link, from: begin - Self.tolerance, to: entry.time + Self.tolerance)
            default: continue
            }
        }
    }

    private mutating func adopt(_ link: LinkID, from begin: Int64, to end: Int64) {
        let times = (recording.started + begin)...(recording.started + max(begin, end))
        let first = flows.filter { _, flow in
            flow.link == nil && flow.isEmpty && times.contains(flow.began)
        }.min { $0.value.began < $1.value.began }
        if let client = first?.key { flows[client]?.link = link }
    }
}
