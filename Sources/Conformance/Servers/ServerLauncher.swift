// SPDX-License-Identifier: Apache-2.0

import Posix
import Specs

/// Starts servers, each on a port of its own, and sees when they listen.
///
/// In two halves, so that one can be started ahead: `begin` starts the process, `finish` waits
/// until it listens. That is seen by socket diagnosis, without touching the server.
final class ServerLauncher {
    let line: LaunchLine
    private let specs: String
    /// What `{moderator}` stands for.
    private let moderator: String
    let files: LaunchFiles
    private let startLimit: Int64
    private let setting: WorldSetting
    private var random = SystemRandomNumberGenerator()

    /// How often a server that finds its port in use is started again.
    private static let attempts = 3

    /// `specs` is what `{specs}` stands for; `startLimit` is in nanoseconds.
    init(
        _ line: LaunchLine, specs: String, moderator: String = "",
        files: LaunchFiles = LaunchFiles(), startLimit: Int64, setting: WorldSetting
    ) {
        self.line = line
        self.specs = specs
        self.moderator = moderator
        // A server is told of no peers where no scenario says otherwise.
        self.files = files.contents[.peers] == nil ? files.adding([.peers: []]) : files
        self.startLimit = startLimit
        self.setting = setting
    }

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
        let directory = try needsDirectory ? temporaryDirectory() : nil
        if let directory { try write(files, into: directory) }
        let (address, claim) = place
        let command = command(address, directory)
        do {
            let server = try LaunchedServer(
                request(command), at: address, directory: directory, on: setting.loop)
            server.portClaim = claim
            return server
        } catch {
            throw LaunchFailure(reason: .notStarted(error), command: command)
        }
    }

    /// A port there that nobody has.
    func place(
        on host: IPAddress
    ) throws(LaunchFailure) -> (SocketAddress, PortClaim?) {
        if let port = line.ownPort { return (SocketAddress(host, port: port), nil) }
        let claim = try prepared { () throws(SystemCallError) in
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
            let command = command(address, server.directory)
            do {
                try server.begin(request(command), at: address)
            } catch {
                throw LaunchFailure(reason: .notStarted(error), command: command)
            }
            server.portClaim = claim
            if try listens(server) { return }
            server.end(within: 0)
        }
        throw failure(server, inUse)
    }

    private var inUse: LaunchFailure.Reason {
        line.ownPort.map { .ownPortInUse($0) } ?? .portsInUse(attempts: Self.attempts)
    }

    /// Waits until a server listens that can be nowhere else.
    func settle(_ server: LaunchedServer) throws(LaunchFailure) {
        guard try listens(server) else { throw failure(server, inUse) }
    }

    /// How long a server may take to end when it is asked to.
    private static let farewell: Int64 = 2_000_000_000

    /// Waits until the server listens; one that finds its port in use is replaced by another.
    func finish(_ first: LaunchedServer) throws(LaunchFailure) -> LaunchedServer {
        var server = first
        for _ in 1..<Self.attempts {
            if try listens(server) { return server }
            server.kill()
            server = try begin()
        }
        if try listens(server) { return server }
        throw failure(server, inUse)
    }

    /// Whether it came to listen; `false` where it ended because its port is in use.
    private func listens(_ server: LaunchedServer) throws(LaunchFailure) -> Bool {
        var patience = StartPatience(of: startLimit, at: MonotonicClock.now)
        var backoff = Backoff(immediate: 1, first: 200_000, longest: 2_000_000)
        while true {
            if let address = try listener(of: server) {
                server.address = address
                setting.watch.hasSeenServer = true
                return true
            }
            if let termination = server.termination {
                if Self.saysInUse(server.output) { return false }
                throw failure(server, .ended(termination))
            }
            if setting.interruption.isRequested { throw failure(server, .interrupted) }
            let left = patience.left(at: MonotonicClock.now) { server.processorWait }
            guard left > 0 else {
                throw failure(server, .neverListened(server.address, waited: startLimit))
            }
            try prepared { () throws(SystemCallError) in
                try setting.loop.turn(nanoseconds: min(left, backoff.next()))
            }
        }
    }

    /// Where the server listens: at the address it was given, or, where it was given only a port,
    /// at the loopback address of IPv6.
    private func listener(of server: LaunchedServer) throws(LaunchFailure) -> SocketAddress? {
        let other = SocketAddress(.loopback6, port: server.address.port)
        for address in line.uses(.host) ? [server.address] : [server.address, other] {
            switch setting.watch.listener(at: address) {
            case .listening: if setting.watch.isListenerOurs(at: address) { return address }
            case .notListening: break
            case .unavailable: if Self.answers(address) { return address }
            }
        }
        return nil
    }

    /// Tries to connect, where the kernel does not tell who listens.
    private static func answers(_ address: SocketAddress) -> Bool {
        let socket = try? Socket.connect(to: address, within: 100_000_000)
        socket?.close()
        return socket != nil
    }

    private func failure(_ server: LaunchedServer, _ reason: LaunchFailure.Reason) -> LaunchFailure
    {
        server.kill()
        return LaunchFailure(reason: reason, command: server.command, output: server.output)
    }

    private static func saysInUse(_ output: CapturedOutput) -> Bool {
        let text = String(decoding: output.head + output.tail, as: UTF8.self).lowercased()
        return ["address already in use", "address in use", "eaddrinuse"].contains {
            text.contains($0)
        }
    }

    // MARK: What is started

    private func request(_ words: [String]) -> Command {
        var request = Command(words)
        request.directory = line.directory
        request.environment = line.environment
        request.output = .pipe
        request.errorOutput = .pipe
        return request
    }

    private func command(_ address: SocketAddress, _ directory: String?) -> [String] {
        line.command { placeholder in
            switch placeholder {
            case .port: String(address.port)
            case .host: address.host.description
            case .dir: directory ?? ""
            case .specs: specs
            case .users: files.path(of: .users, in: directory)
            case .peers: files.path(of: .peers, in: directory)
            case .database: (directory ?? "") + "/database"
            case .moderator: moderator
            }
        }
    }

    private var needsDirectory: Bool {
        line.uses(.dir) || line.uses(.database) || files.areWanted(by: line)
    }

    private func write(_ files: LaunchFiles, into directory: String) throws(LaunchFailure) {
        do {
            try files.write(for: line, into: directory)
        } catch {
            try? Files.removeTree(directory)
            throw LaunchFailure(reason: .unprepared(error.description), command: [line.text])
        }
    }

    /// One of the sixteen million addresses of this machine, so that nobody else is there.
    private func loopbackOfItsOwn() -> IPAddress {
        let low = UInt32(truncatingIfNeeded: random.next() as UInt64) % 0xFF_FFF0
        return .v4(0x7F00_0000 + 8 + low)
    }

    private func temporaryDirectory() throws(LaunchFailure) -> String {
        do {
            return try Files.makeTemporaryDirectory(prefix: "conformance")
        } catch {
            throw LaunchFailure(reason: .unprepared(error.description), command: [line.text])
        }
    }

    @discardableResult
    private func prepared<Value>(
        _ body: () throws(SystemCallError) -> Value
    ) throws(LaunchFailure) -> Value {
        do {
            return try body()
        } catch {
            throw LaunchFailure(reason: .unprepared(error.description), command: [line.text])
        }
    }
}
