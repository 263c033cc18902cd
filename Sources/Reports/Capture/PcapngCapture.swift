// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import Specs

/// A capture made from a transcript, for those who know Wireshark better than reports.
///
/// Nothing was recorded on a network: the packets are what TCP may have sent for what the runner
/// did and saw. Bytes, directions, borders between the runner's segments, times and order are the
/// runner's; sequence numbers, acknowledgements and (unless given) the runner's ports are
/// invented. Comments in the packets name scenario, steps and findings, and say all this.
package enum PcapngCapture {
    /// The two ends of all connections, and when the scenario began.
    package struct Endpoints: Equatable, Sendable {
        /// Four bytes (IPv4) or sixteen (IPv6).
        package var serverAddress: [UInt8]
        package var serverPort: UInt16
        /// `nil`: the server's own address where that is loopback, else one for documentation.
        package var clientAddress: [UInt8]?
        /// The ports that the runner really had, where they are known.
        package var clientPorts: [LinkID: UInt16]
        /// Both ends of the connections that a server opened, or that went to another than this,
        /// where they are known.
        package var accepted: [LinkID: ConnectionEnds]
        /// When the scenario began, in nanoseconds since 1970 (UTC).
        package var started: Int64

        package init(
            serverAddress: [UInt8], serverPort: UInt16, started: Int64,
            clientAddress: [UInt8]? = nil, clientPorts: [LinkID: UInt16] = [:],
            accepted: [LinkID: ConnectionEnds] = [:]
        ) {
            self.serverAddress = serverAddress
            self.serverPort = serverPort
            self.started = started
            self.clientAddress = clientAddress
            self.clientPorts = clientPorts
            self.accepted = accepted
        }
    }

    /// The whole file; `nil` where there is no transcript, or an address is neither of 4 nor of
    /// 16 bytes or not of the other's length.
    package static func bytes(
        of scenario: ScenarioReport, requirements: Requirements, endpoints: Endpoints,
        tool: Report.Tool
    ) -> [UInt8]? {
        guard let transcript = scenario.transcript,
            let addresses = CaptureAddresses(endpoints)
        else { return nil }
        var synthesis = TCPSynthesis(
            plan: scenario.plan, addresses: addresses, endpoints: endpoints)
        var comments = CaptureComments(
            scenario, requirements,
            source: "synthesised from the runner's transcript: times and order are the runner's")
        for entry in transcript.entries { comments.add(entry, to: &synthesis) }
        comments.finish(&synthesis)
        var writer = PcapngWriter(
            application: "\(tool.name) \(tool.version)", comment: comments.head,
            interface: "synthesised", linkType: .raw)
        for packet in synthesis.packets {
            writer.add(
                packet.bytes, length: packet.bytes.count, at: endpoints.started + packet.time,
                comments: packet.comments)
        }
        return writer.bytes
    }
}

/// Addresses of one family.
struct CaptureAddresses {
    var server: [UInt8]
    var client: [UInt8]

    init?(_ endpoints: PcapngCapture.Endpoints) {
        server = endpoints.serverAddress
        client = endpoints.clientAddress ?? Self.counterpart(of: server)
        guard server.count == 4 || server.count == 16, client.count == server.count else {
            return nil
        }
    }

    /// Loopback talks to itself; others get an address that belongs to nobody (RFC 5737, 3849).
    private static func counterpart(of server: [UInt8]) -> [UInt8] {
        if server.count == 4 { return server.first == 127 ? server : [192, 0, 2, 1] }
        let isLoopback = server.dropLast().allSatisfy { $0 == 0 } && server.last == 1
        return isLoopback
            ? server : [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1]
    }

    /// The address that a step binds to; `nil` where it is none of this family.
    func client(from text: [UInt8]?) -> [UInt8]? {
        guard let text, server.count == 4 else { return nil }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8(String(decoding: $0, as: UTF8.self)) }
        return bytes.count == 4 && parts.count == 4 ? bytes : nil
    }
}
