// SPDX-License-Identifier: Apache-2.0

import Posix

/// Starts servers, each on a port of its own, and sees when they listen.
///
/// In two halves, so that one can be started ahead: `begin` starts the process, `finish` waits
/// until it listens.
final class ServerLauncher {
    private let recipe: LaunchRecipe
    private let watch: ListeningWatch
    private let setting: WorldSetting
    private var random = SystemRandomNumberGenerator()

    /// How often a server that finds its port in use is started again.
    private static let attempts = 3

    /// `specs` is what `{specs}` stands for; `startLimit` is in nanoseconds.
    init(
        _ line: LaunchLine, specs: String, moderator: String = "",
        files: LaunchFiles = LaunchFiles(), startLimit: Int64, setting: WorldSetting
    ) {
        recipe = LaunchRecipe(line, specs: specs, moderator: moderator, files: files)
        watch = ListeningWatch(line: line, startLimit: startLimit, setting: setting)
        self.setting = setting
    }

    var line: LaunchLine { recipe.line }
    var files: LaunchFiles { recipe.files }

    func launch() throws(LaunchFailure) -> LaunchedServer {
        try finish(try begin())
    }

    func begin() throws(LaunchFailure) -> LaunchedServer {
        try begin(at: try place(on: host()), files)
    }

    /// Where a server can be: at an address of its own where the launch line has a `{host}`.
    func host() -> IPAddress { line.uses(.host) ? loopbackOfItsOwn() : .loopback4 }

    /// Starts a server at a place, told what these files say.
    func begin(
        at place: (SocketAddress, PortClaim?), _ files: LaunchFiles
    ) throws(LaunchFailure) -> LaunchedServer {
        let directory = try recipe.makeDirectory(with: files)
        let (address, claim) = place
        let command = recipe.command(at: address, in: directory)
        do {
            let server = try LaunchedServer(
                command, at: address, directory: directory, on: setting.loop)
            server.portClaim = claim
            return server
        } catch {
            // It may hold accounts, and nobody else knows of it.
            if let directory { try? Files.removeTree(directory) }
            throw LaunchFailure(reason: .notStarted(error), command: command.arguments)
        }
    }

    /// A port there that nobody has.
    func place(
        on host: IPAddress
    ) throws(LaunchFailure) -> (SocketAddress, PortClaim?) {
        if let port = line.ownPort { return (SocketAddress(host, port: port), nil) }
        let claim = try line.prepared { () throws(SystemCallError) in
            try setting.ports.claim(on: host, using: &random)
        }
        return (SocketAddress(host, port: claim.port), claim)
    }

    /// Asks the server to end, then starts it again with what is in its directory.
    ///
    /// On another port: the kernel remembers the connections of the one before (TIME-WAIT).
    /// One that others know by its address (`staysThere`) comes back at the same port, as its
    /// peers dial that one.
    func restart(_ server: LaunchedServer, staysThere: Bool = false) throws(LaunchFailure) {
        server.noteFiles()
        server.end(within: Self.farewell)
        for _ in 0..<Self.attempts {
            let (address, claim) =
                staysThere
                ? (server.address, server.portClaim) : try place(on: server.address.host)
            let command = recipe.command(at: address, in: server.directory)
            do {
                try server.begin(command, at: address)
            } catch {
                throw LaunchFailure(reason: .notStarted(error), command: command.arguments)
            }
            server.portClaim = claim
            if try watch.listens(server) { return }
            server.end(within: 0)
        }
        throw server.failed(inUse)
    }

    private var inUse: LaunchFailure.Reason {
        line.ownPort.map { .ownPortInUse($0) } ?? .portsInUse(attempts: Self.attempts)
    }

    /// Waits until a server listens that can be nowhere else.
    func settle(_ server: LaunchedServer) throws(LaunchFailure) {
        guard try watch.listens(server) else { throw server.failed(inUse) }
    }

    /// How long a server may take to end when it is asked to.
    private static let farewell: Int64 = 2_000_000_000

    /// Waits until the server listens; one that finds its port in use is replaced by another.
    func finish(_ first: LaunchedServer) throws(LaunchFailure) -> LaunchedServer {
        var server = first
        for _ in 1..<Self.attempts {
            if try watch.listens(server) { return server }
            server.kill()
            server = try begin()
        }
        if try watch.listens(server) { return server }
        throw server.failed(inUse)
    }

    /// One of the sixteen million addresses of this machine, so that nobody else is there.
    private func loopbackOfItsOwn() -> IPAddress {
        let low = UInt32(truncatingIfNeeded: random.next() as UInt64) % 0xFF_FFF0
        return .v4(0x7F00_0000 + 8 + low)
    }
}
