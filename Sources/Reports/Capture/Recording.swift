// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import Specs

/// What was recorded on a network while a scenario ran, and between whom it talked.
package struct Recording: Equatable, Sendable {
    package var interface: String
    package var linkType: LinkType
    /// In the order in which they came; others' packets may be among them.
    package var packets: [RecordedPacket]
    package var server: CaptureEnd
    /// The runner's ends, of the connections that came to be.
    package var clients: [LinkID: CaptureEnd]
    /// Both ends of the connections that a server opened, or that went to another than `server`.
    package var accepted: [LinkID: ConnectionEnds]
    /// When the scenario began, in nanoseconds since 1970 (UTC).
    package var started: Int64

    package init(
        interface: String, linkType: LinkType, packets: [RecordedPacket], server: CaptureEnd,
        clients: [LinkID: CaptureEnd], accepted: [LinkID: ConnectionEnds] = [:], started: Int64
    ) {
        self.interface = interface
        self.linkType = linkType
        self.packets = packets
        self.server = server
        self.clients = clients
        self.accepted = accepted
        self.started = started
    }
}

/// The two ends of one connection.
package struct ConnectionEnds: Hashable, Sendable {
    package var ours: CaptureEnd
    package var theirs: CaptureEnd

    package init(ours: CaptureEnd, theirs: CaptureEnd) {
        self.ours = ours
        self.theirs = theirs
    }
}

/// Why what was recorded is not the whole of what a scenario said.
package enum RecordingGap: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing was recorded of a connection, or not its beginning.
    case unseen(String)
    /// Bytes of a connection are missing.
    case bytesMissing(String)
    /// Packets were recorded in part only.
    case cutOff

    package var description: String {
        switch self {
        case .unseen(let label): "the beginning of \(label)'s connection was not recorded"
        case .bytesMissing(let label): "packets of \(label)'s connection are missing"
        case .cutOff: "packets were recorded in part only"
        }
    }
}

/// The packets of one scenario's connections, as they were recorded on a network.
package enum LiveCapture {
    /// The whole file, with the comments that a synthesised capture has.
    ///
    /// Throws where something is missing: a reader would take the gap for the server's doing.
    package static func bytes(
        of scenario: ScenarioReport, requirements: Requirements, recording: Recording,
        tool: Report.Tool
    ) throws(RecordingGap) -> [UInt8] {
        let transcript = scenario.transcript ?? Transcript()
        var packets = LivePackets(recording, transcript)
        try packets.check(transcript, of: scenario.plan)
        var comments = CaptureComments(scenario, requirements, source: recording.words)
        for entry in transcript.entries { comments.add(entry, to: &packets) }
        comments.finish(&packets)
        var writer = PcapngWriter(
            application: "\(tool.name) \(tool.version)", comment: comments.head,
            interface: recording.interface, linkType: recording.linkType)
        for packet in packets.packets {
            writer.add(
                packet.recorded.bytes, length: packet.recorded.length, at: packet.recorded.time,
                comments: packet.comments)
        }
        return writer.bytes
    }
}

extension Recording {
    fileprivate var words: String {
        "recorded on interface \(interface): times are the kernel's; TCP checksums of what this "
            + "machine sent are not filled in yet (offload), and no fault of the server's"
    }
}
