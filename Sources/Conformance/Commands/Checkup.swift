// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// The single looks of `conformance doctor`; each tries what a run does.
enum Checkup {
    /// Descriptors that a run of one job with a busy scenario needs, and then some.
    private static let enoughDescriptors: UInt64 = 256

    /// What is known of the interface that loopback connections take.
    enum LoopbackInterface {
        case found(NetworkInterface)
        case missing
        case unknown
    }

    static func loopback() -> CheckupFinding {
        loopback(interface()) { () throws(SystemCallError) in _ = try connected() }
    }

    private static func interface() -> LoopbackInterface {
        do {
            return try NetworkInterface.loopback().map { .found($0) } ?? .missing
        } catch {
            return .unknown
        }
    }

    /// The finding, by the interface and an attempt to connect.
    static func loopback(
        _ interface: LoopbackInterface, _ attempt: () throws(SystemCallError) -> Void
    ) -> CheckupFinding {
        let subject = "loopback connections"
        do {
            try attempt()
            return CheckupFinding(grade: .fine, subject: subject, text: "127.0.0.1 can be reached")
        } catch {
            return CheckupFinding(
                grade: .missing, subject: subject, text: "\(error); " + advice(interface))
        }
    }

    private static func advice(_ interface: LoopbackInterface) -> String {
        switch interface {
        case .found(let interface) where !interface.isUp:
            "the loopback interface is down: `ip link set \(interface.name) up`, as root of this "
                + "network namespace"
        case .missing:
            "there is no loopback interface here: run in a network namespace that has one "
                + "(`unshare -n` makes one; `ip link set lo up`)"
        case .found, .unknown: "allow TCP on the loopback interface"
        }
    }

    static func freePorts() -> CheckupFinding {
        let subject = "free ports"
        let range = "\(FreePort.range.lowerBound) to \(FreePort.range.upperBound)"
        var random = SystemRandomNumberGenerator()
        do {
            let port = try FreePort.find(on: .loopback4, using: &random)
            return CheckupFinding(
                grade: .fine, subject: subject,
                text: "there are some from \(range), such as \(port)")
        } catch {
            return CheckupFinding(
                grade: .less, subject: subject,
                text: "none from \(range) (\(error)): --launch does not work; end what holds them, "
                    + "or use --target")
        }
    }

    /// Looks at the other end of a connection of our own.
    static func diagnosis() -> CheckupFinding {
        let subject = "socket diagnosis"
        let lack = "cuts are not proven and a pause of 1 ms stands in; "
        do {
            let (_, client, server) = try connected()
            defer { withExtendedLifetime(server) {} }
            switch try SocketDiagnosis().peerEnd(of: client) {
            case .open:
                return CheckupFinding(
                    grade: .fine, subject: subject, text: "a server's end of a connection is seen")
            case .gone:
                return CheckupFinding(
                    grade: .less, subject: subject,
                    text: lack + "load the kernel's module for it (`modprobe tcp_diag`)")
            case .unavailable(let error):
                return CheckupFinding(
                    grade: .less, subject: subject,
                    text: lack
                        + "\(error): load the kernel's module (`modprobe tcp_diag`), or allow "
                        + "netlink sockets in this sandbox")
            }
        } catch {
            let advice =
                error.call == "connect"
                ? "to be tried where loopback connections are possible"
                : "allow netlink sockets (NETLINK_SOCK_DIAG) in this sandbox"
            return CheckupFinding(
                grade: .less, subject: subject, text: lack + "\(error): \(advice)")
        }
    }

    /// A listener, and both ends of a connection to it.
    private static func connected() throws(SystemCallError) -> (Listener, Socket, Socket) {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let client = try Socket.connect(to: listener.localAddress, within: 1_000_000_000)
        let deadline = MonotonicClock.deadline(after: 1_000_000_000)
        while MonotonicClock.now < deadline {
            if case .accepted(let server, _) = try listener.accept() {
                return (listener, client, server)
            }
        }
        throw SystemCallError(call: "accept", code: 110)
    }

    static func descriptors() -> CheckupFinding {
        let subject = "descriptors"
        guard let limits = try? DescriptorLimits.current() else {
            return CheckupFinding(grade: .less, subject: subject, text: "the limit is not known")
        }
        let text = "\(limits.soft) now, \(limits.hard) at most"
        guard limits.hard < enoughDescriptors else {
            return CheckupFinding(grade: .fine, subject: subject, text: text)
        }
        return CheckupFinding(
            grade: .less, subject: subject,
            text: text + "; scenarios with many connections need more (`ulimit -Hn 4096` as root)")
    }

    static func children() -> CheckupFinding {
        let subject = "child subreaper"
        do {
            try Subreaper.become()
            return CheckupFinding(
                grade: .fine, subject: subject,
                text: "servers that fork are ended with their children"
            )
        } catch {
            return CheckupFinding(
                grade: .less, subject: subject,
                text:
                    "\(error): what a server leaves behind may live on; allow prctl in this sandbox"
            )
        }
    }
}
