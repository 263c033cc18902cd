// SPDX-License-Identifier: Apache-2.0

import CShim
import Synchronization

/// A packet as the kernel handed it over, its link layer's header first.
package struct CapturedPacket: Sendable {
    /// Nanoseconds since 1970 (UTC).
    package let time: Int64
    /// Bytes on the wire; more than `bytes` where the capture has cut it off.
    package let length: Int
    package let bytes: [UInt8]
}

/// Why nothing can be captured here.
package enum CaptureUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    /// This process may not (`CAP_NET_RAW`).
    case notPermitted(SystemCallError)
    /// libpcap is not installed, or too old.
    case noLibrary(String)
    /// libpcap's own words: it refuses the interface or the filter.
    case failed(String)

    package var description: String {
        switch self {
        case .notPermitted(let error): "no right to capture (CAP_NET_RAW): \(error)"
        case .noLibrary(let text), .failed(let text): text
        }
    }
}

/// Records packets of one interface, through libpcap; used by one thread at a time.
///
/// The library is looked up when the first capture begins, so that programs run without it.
package final class PacketCapture: Sendable {
    /// How long the kernel keeps packets before it hands them over, in nanoseconds.
    ///
    /// Two of these go by where it has just looked.
    package static let delay: Int64 = 10_000_000

    /// The kernel's room for packets that nobody has taken yet, in bytes.
    package static let buffer = 16 << 20
    /// Packets that are taken at once, which on loopback have up to 64 KiB each.
    private static let mostTaken: Int32 = 64

    private let isClosed = Atomic(false)
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer
    /// libpcap's number of the link layer (`pcap_datalink`).
    package let linkType: Int32
    /// Readable when there are packets.
    package let descriptor: Int32

    /// Begins to record what passes the filter (pcap-filter(7)); on loopback each packet once.
    ///
    /// Takes some milliseconds, for the kernel's buffer of 16 MB. One capture is to be made at a
    /// time. The corresponding C functions are `pcap_create`, `pcap_activate`, `pcap_setfilter`.
    package init(on interface: NetworkInterface, filter: String) throws(CaptureUnavailable) {
        try PacketCapture.checkPrivilege()
        var problem = cshim_capture_text()
        let timeout = Int32(PacketCapture.delay / 1_000_000)
        guard
            let handle = cshim_capture_open(
                interface.name, filter, interface.isLoopback ? 1 : 0, Int32(PacketCapture.buffer),
                timeout, &problem)
        else {
            let text = PacketCapture.text(&problem)
            throw problem.no_library != 0 ? .noLibrary(text) : .failed(text)
        }
        self.handle = handle
        linkType = cshim_capture_link_type(handle)
        descriptor = cshim_capture_descriptor(handle)
    }

    deinit { close() }

    /// Ends it, which takes some milliseconds; calling twice is as once, and nothing else follows.
    package func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { cshim_capture_close(handle) }
    }

    /// Throws where this process may not open packet sockets; asks for nothing else.
    package static func checkPrivilege() throws(CaptureUnavailable) {
        let result = cshim_capture_privilege()
        guard result == 0 else {
            throw .notPermitted(SystemCallError(call: "socket", code: -result))
        }
    }

    /// Takes some of the packets that the kernel has handed over, none where there are no more.
    ///
    /// Waits for none, and bounds what is held at once, as others may flood the interface. The
    /// corresponding C function is `pcap_dispatch`.
    package func take() throws(CaptureUnavailable) -> [CapturedPacket] {
        let basket = Basket()
        let context = Unmanaged.passUnretained(basket).toOpaque()
        guard cshim_capture_dispatch(handle, Self.mostTaken, receive, context) >= 0 else {
            var problem = cshim_capture_text()
            cshim_capture_error(handle, &problem)
            throw .failed(Self.text(&problem))
        }
        return basket.packets
    }

    /// Blocks until there are packets or the deadline has passed.
    ///
    /// For programs with one thing to wait for; a loop uses a `Poller`.
    package func waits(until deadline: Int64) {
        _ = try? waitForOne(descriptor, .readable, until: deadline)
    }

    /// How many packets have been lost since it began; `nil` where the kernel does not say.
    ///
    /// The corresponding C function is `pcap_stats`.
    package var dropped: UInt64? {
        var count: UInt64 = 0
        return cshim_capture_dropped(handle, &count) == 0 ? count : nil
    }

    private static func text(_ problem: inout cshim_capture_text) -> String {
        withUnsafeBytes(of: &problem.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

private final class Basket {
    var packets: [CapturedPacket] = []
}

/// Copies one packet out of the kernel's buffer into the basket behind `context`.
private func receive(
    _ context: UnsafeMutableRawPointer?, _ time: Int64, _ length: UInt32,
    _ bytes: UnsafePointer<UInt8>?, _ captured: UInt32
) {
    guard let context, let bytes else { return }
    let copy = [UInt8](UnsafeBufferPointer(start: bytes, count: Int(captured)))
    Unmanaged<Basket>.fromOpaque(context).takeUnretainedValue().packets.append(
        CapturedPacket(time: time, length: Int(length), bytes: copy))
}
