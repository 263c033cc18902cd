// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix
import Specs

/// What must be there before the first step of a scenario that lays out its servers itself.
///
/// Rules, in their order:
/// - The ports of the first steps are opened, and every server has its place, so that all files can
///   name them. All servers have the same port, each at an address of its own.
/// - The files are written and all servers started; each may find the others not there yet.
/// - They are there when the last of them listens.
struct Stage {
    /// In the order of the plan.
    private(set) var servers: [LaunchedServer] = []
    private(set) var ports: [ListenerID: SocketPort] = [:]
    /// What texts may name: addresses and ports of the servers.
    private(set) var known: [(name: String, value: [UInt8])] = []

    /// When the first port was about to be opened: servers may connect from then on.
    let began = WallClock.now

    var names: [String] { plan.servers.map(\.name) }

    private let plan: Plan
    private var places: [SocketAddress] = []
    private var claim: PortClaim?

    /// Throws where a server does not start, none of them being left then.
    static func set(
        for plan: Plan, _ launcher: ServerLauncher, claims: PortClaims
    ) throws(LaunchFailure) -> Stage {
        var stage = Stage(plan: plan)
        do throws(SystemCallError) {
            try stage.openPorts(of: claims)
        } catch {
            stage.strike()
            throw LaunchFailure(
                reason: .unprepared(error.description), command: [launcher.line.text])
        }
        do throws(LaunchFailure) {
            try stage.findPlaces(launcher)
            try stage.start(launcher)
        } catch {
            stage.strike()
            throw error
        }
        return stage
    }

    private init(plan: Plan) { self.plan = plan }

    private mutating func openPorts(of claims: PortClaims) throws(SystemCallError) {
        for (listener, kind) in plan.firstListeners {
            let planned = plan.listeners[listener.index]
            let host = try SocketWorld.address(planned.from) ?? .loopback4
            let port = try SocketPort(at: host, kind, of: claims)
            ports[listener] = port
            know(planned.portCapture, String(port.number))
        }
    }

    private mutating func findPlaces(_ launcher: ServerLauncher) throws(LaunchFailure) {
        for server in plan.servers {
            if let first = places.first {
                places.append(SocketAddress(launcher.host(), port: first.port))
            } else {
                let (address, claim) = try launcher.place(on: launcher.host())
                places.append(address)
                self.claim = claim
            }
            know(server.hostCapture, places[places.count - 1].host.description)
            know(server.portCapture, String(places[places.count - 1].port))
        }
    }

    private mutating func start(_ launcher: ServerLauncher) throws(LaunchFailure) {
        for (server, place) in zip(plan.servers, places) {
            let files = launcher.files.adding(contents(of: server))
            servers.append(try launcher.begin(at: (place, claim), files))
        }
        for server in servers { try launcher.settle(server) }
    }

    private func contents(of server: PlannedServer) -> [ServerFile: [UInt8]] {
        let values = Dictionary(known.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return server.files.mapValues { $0.filled(with: values) ?? [] }
    }

    private mutating func know(_ name: String, _ value: String) {
        known.append((name, Array(value.utf8)))
    }

    /// Ends all that was started.
    private func strike() {
        for server in servers { server.kill() }
        for port in ports.values { port.close() }
    }
}
