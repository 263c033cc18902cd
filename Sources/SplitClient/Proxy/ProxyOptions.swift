// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Specs

/// What `splitclient proxy` is asked to do.
struct ProxyOptions {
    var listen: HostAndPort
    var server: HostAndPort
    /// From clients to the server.
    var there: RouteOptions
    /// From the server to clients.
    var back: RouteOptions
    var framing: Framing?
    /// Decides what a plan `random` without a seed of its own draws.
    var seed: UInt64
    var pace: Pace
    /// How long an unfinished segment may wait, in nanoseconds.
    var flush: Int64
    var logFile: String?
    var replayFile: String?
    /// After so many connections the proxy ends; `nil`: never.
    var connections: Int?

    static let standardFlush: Int64 = 20_000_000
    static let mostConnections = 1_000_000_000

    /// `defaultSeed` holds where none is given.
    init(_ line: ParsedCommand, defaultSeed: UInt64) throws(UsageError) {
        listen = try line.listeningPlace()
        let place = "HOST:PORT with a port from 1 to 65535"
        let server = try line.value("to", expected: place) { text in
            HostAndPort(parsing: text).flatMap { $0.port == 0 ? nil : $0 }
        }
        guard let server else { throw line.usageError("--to is missing; expected is \(place)") }
        self.server = server
        there = try RouteOptions(line, plan: "cut", prefix: "")
        back = try RouteOptions(line, plan: "back", prefix: "back-")
        framing = try line.framing()
        seed = try line.unsignedInteger("seed") ?? defaultSeed
        pace = try line.value("pace", expected: Pace.expected, Pace.init(parsing:)) ?? .drained
        flush = try line.duration("flush")?.nanoseconds ?? Self.standardFlush
        logFile = line.value("log")
        replayFile = line.value("replay")
        connections = try line.integer("connections", in: 1...Self.mostConnections)
        if replayFile != nil, line.flag("cut") || line.flag("back") {
            throw line.usageError(
                "--replay cuts where the log says; it does not go with --cut or --back")
        }
    }

    subscript(route: ProxyRoute) -> RouteOptions {
        switch route {
        case .there: there
        case .back: back
        }
    }
}

/// What is done to one direction.
struct RouteOptions {
    var plan: RoutePlan
    /// How much later everything leaves, in nanoseconds.
    var delay: Int64
    var injection: Injection?

    init(_ line: ParsedCommand, plan: String, prefix: String) throws(UsageError) {
        self.plan = try line.routePlan(plan)
        delay = try line.duration(prefix + "delay")?.nanoseconds ?? 0
        let offsets = 0...Int.max
        let reset = try line.integer(prefix + "reset-at", in: offsets)
        let close = try line.integer(prefix + "close-at", in: offsets)
        if reset != nil, close != nil {
            throw line.usageError(
                "--\(prefix)reset-at and --\(prefix)close-at: a direction has one end")
        }
        injection =
            reset.map { Injection(kind: .reset, offset: $0) }
            ?? close.map { Injection(kind: .fin, offset: $0) }
    }
}

/// How the segments of a direction end.
enum RoutePlan: Equatable {
    case plan(CutPlan)
    /// `random`, with a seed for each connection and direction.
    case drawn

    /// The plan of one direction of one connection.
    func plan(seed: UInt64, connection: Int, _ route: ProxyRoute) -> CutPlan {
        switch self {
        case .plan(let plan): return plan
        case .drawn:
            let own = SeededGenerator(seed: seed).derived(for: "\(connection) \(route.symbol)")
            return .random(seed: own.seed, sizes: CutPlan.defaultRandomSizes)
        }
    }

    /// As it was given.
    var description: String {
        switch self {
        case .plan(let plan): plan.description
        case .drawn: "random"
        }
    }
}

extension ParsedCommand {
    fileprivate func routePlan(_ option: String) throws(UsageError) -> RoutePlan {
        if value(option) == "random" { return .drawn }
        return .plan(try cutPlan(option) ?? .whole)
    }

    /// The option `listen`; without a host only this machine's clients reach it.
    fileprivate func listeningPlace() throws(UsageError) -> HostAndPort {
        let expected = "PORT or HOST:PORT, port 0 for a free one"
        let place = try value("listen", expected: expected) { text in
            HostAndPort(parsing: text) ?? HostAndPort(parsing: "127.0.0.1:\(text)")
        }
        guard let place else { throw usageError("--listen is missing; expected is \(expected)") }
        return place
    }
}
