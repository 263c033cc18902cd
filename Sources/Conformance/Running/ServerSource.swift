// SPDX-License-Identifier: Apache-2.0

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
    }

    private let source: ServerSource
    /// Started and perhaps not yet listening; for the next scenario.
    private var ahead: Result<LaunchedServer, LaunchFailure>?
    private var kept: LaunchedServer?
    private var hasKeptOne = false

    init(_ source: ServerSource) { self.source = source }

    /// Whether nobody uses the server after its scenario.
    var isFresh: Bool {
        if case .fresh = source { true } else { false }
    }

    func lease() throws(LaunchFailure) -> Lease {
        switch source {
        case .fresh(let launcher):
            let begun: LaunchedServer
            defer { ahead = nil }
            if let ahead { begun = try ahead.get() } else { begun = try launcher.begin() }
            let server = try launcher.finish(begun)
            return Lease(address: server.address, server: server)
        case .reused(let launcher):
            if let kept, kept.termination == nil { return Lease(address: kept.address, server: kept) }
            kept?.kill()
            let server = try launcher.launch()
            defer { (kept, hasKeptOne) = (server, true) }
            return Lease(address: server.address, server: server, isReplacement: hasKeptOne)
        case .target(let target):
            return Lease(address: target.address)
        }
    }

    /// Starts the server of the scenario after this one.
    func prepareNext() {
        guard case .fresh(let launcher) = source, ahead == nil else { return }
        do throws(LaunchFailure) {
            ahead = .success(try launcher.begin())
        } catch {
            ahead = .failure(error)
        }
    }

    func giveBack(_ lease: Lease) {
        if isFresh { lease.server?.kill() }
    }

    /// Ends all that was started.
    func close() {
        if case .success(let server)? = ahead { server.kill() }
        ahead = nil
        // One that is asked can say farewell: write its profile, close its database.
        kept?.stop(within: 200_000_000)
        kept = nil
    }
}
