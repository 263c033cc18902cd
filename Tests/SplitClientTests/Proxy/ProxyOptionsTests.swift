// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Testing

@testable import SplitClient

@Suite("What a proxy is told")
struct ProxyOptionsTests {
    private func parsed(_ words: [String]) throws -> ProxyOptions {
        let all = ["proxy", "--listen", "0", "--to", "h:1"] + words
        guard case .command(let line) = try Program.command.parse(all) else {
            throw CutReplayError(description: "no command")
        }
        return try ProxyOptions(line, defaultSeed: 9)
    }

    @Test("nothing is cut, delayed or ended where nothing is said")
    func defaults() throws {
        let options = try parsed([])
        #expect(options.listen.description == "127.0.0.1:0")
        for route in ProxyRoute.allCases {
            #expect(options[route].plan == .plan(.whole))
            #expect(options[route].delay == 0)
            #expect(options[route].injection == nil)
        }
        #expect(options.flush == 20_000_000)
        #expect(options.seed == 9)
    }

    @Test("each direction has what belongs to it")
    func directions() throws {
        let options = try parsed([
            "--cut", "bytes", "--back", "random", "--delay", "1s", "--back-delay", "2s",
            "--reset-at", "5", "--back-close-at", "0", "--seed", "3",
        ])
        #expect(options.there.plan == .plan(.bytes))
        #expect(options.back.plan == .drawn)
        #expect([options.there.delay, options.back.delay] == [1_000_000_000, 2_000_000_000])
        #expect(options.there.injection == Injection(kind: .reset, offset: 5))
        #expect(options.back.injection == Injection(kind: .fin, offset: 0))
    }

    @Test("random draws other cuts for each connection and direction, the same for the same seed")
    func drawing() {
        let plans = (1...3).flatMap { number in
            ProxyRoute.allCases.map { RoutePlan.drawn.plan(seed: 5, connection: number, $0) }
        }
        #expect(Set(plans).count == 6)
        #expect(RoutePlan.drawn.plan(seed: 5, connection: 1, .there) == plans[0])
        #expect(RoutePlan.drawn.plan(seed: 6, connection: 1, .there) != plans[0])
        let fixed = RoutePlan.plan(.random(seed: 1, sizes: 1...2))
        #expect(fixed.plan(seed: 5, connection: 1, .there) == .random(seed: 1, sizes: 1...2))
    }

    @Test("who goes through as it comes has no queue")
    func queues() throws {
        func hasQueue(_ words: [String]) throws -> Bool {
            let options = try parsed(words)
            return RouteQueue.queue(.there, 1, options, nil, isReplay: false) != nil
        }
        #expect(try !hasQueue([]))
        #expect(try !hasQueue(["--cut", "whole", "--framing", "line"]))
        #expect(try hasQueue(["--cut", "bytes"]))
        #expect(try hasQueue(["--cut", "at:1"]))
        let options = try parsed(["--cut", "at:1"])
        #expect(RouteQueue.dependsOnBlocks(options.there.plan, options))
        #expect(RouteQueue.queue(.there, 1, options, nil, isReplay: true) == nil)
    }
}

@Suite("How often a proxy looks whether a segment was taken")
struct ProxyLookTests {
    @Test("at once at first, then less and less often, and never much later than it was taken")
    func pauses() {
        #expect(ProxyDirection.pause(afterLookingFor: 0) == 0)
        #expect(ProxyDirection.pause(afterLookingFor: 100_000) == 0)
        var last: Int64 = 0
        for time in stride(from: Int64(1_000_000), through: 1_000_000_000, by: 1_000_000) {
            let pause = ProxyDirection.pause(afterLookingFor: time)
            #expect(pause >= max(last, 10_000))
            #expect(pause <= min(time / 10, 20_000_000))
            last = pause
        }
        #expect(last >= 10_000_000)
    }
}

@Suite("What a proxy says at its end")
struct ProxyTallyTests {
    @Test("connections, then each direction")
    func summary() throws {
        let words = ["proxy", "--listen", "0", "--to", "h:1", "--cut", "bytes"]
        guard case .command(let line) = try Program.command.parse(words) else { return }
        let options = try ProxyOptions(line, defaultSeed: 9)
        var tally = ProxyTally()
        tally.connections = 2
        tally.resets = 1
        tally[.there] += RouteTally(
            bytes: 10, untaken: 3, cuts: CutTally(segments: 10, planned: 9, proven: 8), flushes: 2,
            missed: 1)
        tally[.back] += RouteTally(bytes: 1)
        #expect(
            tally.summary(options) == [
                "2 connections, 1 reset",
                "to the server: 10 bytes (and 3 that nobody was there to take) in 10 segments; "
                    + "9 cuts planned, 8 proven, 2 flushes that overtook 1 cut",
                "to clients: 1 byte, not cut",
            ])
        #expect(ProxyTally().summary(options)[0] == "0 connections")
    }
}
