// SPDX-License-Identifier: Apache-2.0

import Posix

/// Where the packets of a run pass, and which of them are its own.
struct CapturePlace: Hashable, Sendable {
    var interface: NetworkInterface
    /// In the language of pcap-filter(7).
    var filter: String

    /// Fails where no interface leads to the server.
    init(_ source: ServerSource) throws(NotLive) {
        switch source {
        case .fresh(let launcher), .reused(let launcher):
            interface = try Self.found { () throws(SystemCallError) in
                try NetworkInterface.loopback()
            }
            let own = launcher.line.ownPort.map { "port \($0) or " } ?? ""
            filter = "tcp and (\(own)\(Self.ports))"
        case .target(let target):
            interface = try Self.found { () throws(SystemCallError) in
                try NetworkInterface.towards(target.address)
            }
            // The runner's own ports, to which a server connects, are among those as well.
            filter = "tcp and (port \(target.address.port) or \(Self.ports))"
            if !interface.isLoopback { filter += " and host \(target.address.host.number)" }
        }
    }

    private static var ports: String {
        "portrange \(FreePort.range.lowerBound)-\(FreePort.range.upperBound)"
    }

    private static func found(
        _ look: () throws(SystemCallError) -> NetworkInterface?
    ) throws(NotLive) -> NetworkInterface {
        do throws(SystemCallError) {
            if let interface = try look() { return interface }
        } catch {
            throw .unavailable("the interface to the server is not known: \(error)")
        }
        throw .unavailable("no interface leads to the server")
    }
}
