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
        case .fresh, .reused:
            interface = try Self.found { () throws(SystemCallError) in
                try NetworkInterface.loopback()
            }
            let ports = FreePort.range
            filter = "tcp portrange \(ports.lowerBound)-\(ports.upperBound)"
        case .target(let target):
            interface = try Self.found { () throws(SystemCallError) in
                try NetworkInterface.towards(target.address)
            }
            filter = "tcp port \(target.address.port)"
            if !interface.isLoopback { filter += " and host \(target.address.host)" }
        }
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
