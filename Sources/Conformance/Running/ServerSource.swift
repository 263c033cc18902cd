// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// Where the servers of a run come from.
enum ServerSource {
    /// A fresh one for each scenario, the next one started ahead.
    case fresh(ServerLauncher)
    /// One for all, started again when it has died.
    case reused(ServerLauncher)
    case target(Target)
}

/// Hands out a server for each scenario, and takes it back.
final class ServerPool {
    /// A server to be tested, and its process where we have started it.
    struct Lease {
        var address: SocketAddress
        var server: LaunchedServer?
        var isReplacement = false
        /// Where the scenario has laid out its servers itself; `server` is the first of them.
        var stage: Stage?
    }

    private let source: ServerSource
    /// Started and perhaps not yet listening; for the next scenarios.
    private var ahead: [Result<LaunchedServer, LaunchFailure>] = []
    /// How many are started ahead: most servers take longer to start than a scenario to run, and
    /// a second one uses the processor on which nothing is judged.
    private static let mostAhead = 2
    private var kept: LaunchedServer?
    private var hasKeptOne = false

    init(_ source: ServerSource) { self.source = source }

    /// Whether nobody uses the server after its scenario.
    var isFresh: Bool {
        if case .fresh = source { true } else { false }
    }

    /// Who starts the servers, where we do.
    var launcher: ServerLauncher? {
        switch source {
        case .fresh(let launcher), .reused(let launcher): launcher
        case .target: nil
        }
    }

    func lease() throws(LaunchFailure) -> Lease {
        switch source {
        case .fresh(let launcher):
            let begun: LaunchedServer
            begun = try ahead.isEmpty ? launcher.begin() : ahead.removeFirst().get()
            let server = try launcher.finish(begun)
            return Lease(address: server.address, server: server)
        case .reused(let launcher):
            kept?.noteEnd()
            if let kept, kept.termination == nil {
                // What it printed about the scenarios before is in their reports.
                kept.forgetOutput()
                return Lease(address: kept.address, server: kept)
            }
            kept?.kill()
            let server = try launcher.launch()
            defer { (kept, hasKeptOne) = (server, true) }
            return Lease(address: server.address, server: server, isReplacement: hasKeptOne)
        case .target(let target):
            return Lease(address: target.address)
        }
    }

    /// Servers for a scenario that lays them out itself, used by no other.
    func lease(for plan: Plan, claims: PortClaims) throws(LaunchFailure) -> Lease {
        guard plan.isStaged, let launcher else { return try lease() }
        let stage = try Stage.set(for: plan, launcher, claims: claims)
        let first = stage.servers[0]
        return Lease(address: first.address, server: first, stage: stage)
    }

    /// Starts the servers of the scenarios after this one, of which there are at least so many.
    func prepareNext(_ count: Int) {
        // Two servers cannot share the port that both have for their own.
        guard case .fresh(let launcher) = source, launcher.line.ownPort == nil else { return }
        while ahead.count < min(count, Self.mostAhead) {
            do throws(LaunchFailure) {
                ahead.append(.success(try launcher.begin()))
            } catch {
                ahead.append(.failure(error))
                return
            }
        }
    }

    func giveBack(_ lease: Lease) {
        for server in lease.stage?.servers ?? [] { server.kill() }
        if isFresh { lease.server?.kill() }
    }

    /// Ends the server that is used again and again, where there is one.
    func renew() {
        kept?.kill()
        kept = nil
        hasKeptOne = false
    }

    /// Ends all that was started.
    func close() {
        for case .success(let server) in ahead { server.kill() }
        ahead.removeAll()
        // One that is asked can say farewell: write its profile, close its database.
        kept?.stop(within: 200_000_000)
        kept = nil
    }
}
