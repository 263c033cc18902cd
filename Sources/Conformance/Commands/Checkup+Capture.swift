// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

extension Checkup {
    /// Records a connection of our own.
    static func capture() -> CheckupFinding {
        capture { () throws(CaptureUnavailable) in try recordsOurselves() }
    }

    /// The finding, by what an attempt to record came to: whether the packets were seen.
    static func capture(
        _ attempt: () throws(CaptureUnavailable) -> Bool
    ) -> CheckupFinding {
        let subject = "live capture"
        let lack = "captures are synthesised from transcripts; "
        do throws(CaptureUnavailable) {
            if try attempt() {
                return CheckupFinding(
                    grade: .fine, subject: subject,
                    text: "packets on loopback are recorded, with times in nanoseconds")
            }
            return CheckupFinding(
                grade: .less, subject: subject,
                text: lack + "a connection on loopback was not seen: capture in the network "
                    + "namespace of the server")
        } catch {
            return CheckupFinding(
                grade: .less, subject: subject, text: "\(lack)\(error): \(advice(error))")
        }
    }

    private static func advice(_ reason: CaptureUnavailable) -> String {
        switch reason {
        case .notPermitted:
            let program = (try? Files.executablePath()) ?? Program.name
            return "run as root, or allow it with `sudo setcap cap_net_raw+ep "
                + "\(ReproductionLine.quoted(ByteEscaping.escape(program.utf8)))`"
        case .noLibrary: return "install libpcap (Debian: `apt-get install libpcap0.8`)"
        case .failed: return "bring the interface up (`ip link set lo up`)"
        }
    }

    /// Connects to a listener of our own and looks for the packets.
    private static func recordsOurselves() throws(CaptureUnavailable) -> Bool {
        guard let interface = try? NetworkInterface.loopback(),
            let listener = try? Listener(on: SocketAddress(.loopback4, port: 0))
        else { return false }
        let address = listener.localAddress
        let capture = try PacketCapture(on: interface, filter: "tcp port \(address.port)")
        let client = try? Socket.connect(to: address, within: 1_000_000_000)
        defer { client?.close() }
        let deadline = MonotonicClock.deadline(after: 1_000_000_000)
        while MonotonicClock.now < deadline {
            if try !capture.take().isEmpty { return true }
            capture.waits(until: min(deadline, MonotonicClock.deadline(after: PacketCapture.delay)))
        }
        return false
    }
}
