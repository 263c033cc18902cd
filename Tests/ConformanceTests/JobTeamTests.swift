// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix
import Testing

@testable import Conformance

@Suite("Scenarios side by side", .timeLimit(.minutes(15)))
struct JobTeamTests {
    private let setting = WorldSetting.forTests()

    /// Its one scenario holds where the server says the name of the peer back.
    private static let greeted = """
        "requirements": ["must"], "steps": [
          { "peer": "bob", "connect": true }, { "peer": "bob", "send": "${bob}" },
          { "peer": "bob", "expect": "${bob}" }]
        """

    private static let echo = """
        python3 -c '
        import socket, sys
        l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        while True:
            c = l.accept()[0]
            while d := c.recv(4096): c.sendall(d)
        ' {port}
        """

    private func team(_ line: String) throws -> JobTeam {
        JobTeam(
            JobSetup(
                line: try LaunchLine(parsing: line), specs: "specs", startLimit: 300_000_000_000,
                timing: Timing(timeout: 60_000_000_000), pace: .drained, knowledge: RunKnowledge(),
                ports: setting.ports),
            setting: setting)
    }

    private func cases(_ count: Int) throws -> [PlannedCase] {
        Array(repeating: PlannedCase(try plan(Self.greeted)), count: count)
    }

    @Test("all cases are told of in their order, each with a server of its own", arguments: [1, 3])
    func order(jobs: Int) throws {
        var (numbers, addresses): ([Int], [SocketAddress]) = ([], [])
        let abandonment = try team(Self.echo).run(try cases(7), jobs: jobs) { run in
            numbers.append(run.planned.number)
            guard case .ran(let scenario) = run.outcome else {
                Issue.record("\(run.outcome)")
                return true
            }
            #expect(scenario.transcript.isAllHeld, "\(scenario.transcript.entries)")
            addresses.append(scenario.address)
            return true
        }
        #expect(abandonment == nil)
        #expect(numbers == Array(0..<7))
        #expect(addresses.count == 7)
        for address in addresses {
            #expect(setting.watch.listener(at: address) == .notListening)
        }
    }

    @Test("cases that take long are told of last, and nobody waits for them", arguments: [1, 3])
    func longOnes(jobs: Int) throws {
        var cases = try cases(7)
        cases[0].isToldLast = true
        cases[2].isToldLast = true
        for place in cases.indices { cases[place].place = place }
        var places: [Int] = []
        let abandonment = try team(Self.echo).run(cases, jobs: jobs) { run in
            places.append(run.planned.place)
            return true
        }
        #expect(abandonment == nil)
        #expect(places == [1, 3, 4, 5, 6, 0, 2])
    }

    @Test("no case beyond the one that ends the run is told of", arguments: [1, 3])
    func endsWhenTold(jobs: Int) throws {
        var count = 0
        let abandonment = try team(Self.echo).run(try cases(6), jobs: jobs) { _ in
            count += 1
            return count < 2
        }
        #expect(abandonment == .failedFast)
        #expect(count == 2)
    }

    @Test("two launches in a row that fail end the run", arguments: [1, 3])
    func launchFailures(jobs: Int) throws {
        var count = 0
        let abandonment = try team("no-such-server-here {port}").run(try cases(5), jobs: jobs) {
            _ in
            count += 1
            return true
        }
        #expect(count == 2)
        guard case .unreachable(let text, _)? = abandonment else {
            Issue.record("\(String(describing: abandonment))")
            return
        }
        #expect(text.contains("cannot execute no-such-server-here"))
    }

    @Test("an interruption ends what hangs, and what was done is told")
    func interruption() throws {
        // It answers nobody, so every scenario would wait for an hour.
        let mute = """
            python3 -c 'import socket, sys; l = socket.create_server(("127.0.0.1", \
            int(sys.argv[1]))); c = l.accept(); c[0].recv(1); print("here", flush=True); l.accept()
            ' {port}
            """
        let setup = JobSetup(
            line: try LaunchLine(parsing: mute), specs: "specs", startLimit: 300_000_000_000,
            timing: Timing(timeout: 3_600_000_000_000), pace: .drained, knowledge: RunKnowledge(),
            ports: setting.ports)
        let skipped = PlannedCase(try plan(Self.greeted), skipped: .needsFreshServer)
        // Wakes the team, as the signal itself would.
        let signal = try WakeUp()
        signal.wake()
        _ = setting.loop.watch(signal.descriptor, .readable) { _ in }
        var outcomes: [Int: CaseOutcome] = [:]
        let abandonment = try JobTeam(setup, setting: setting)
            .run([skipped] + cases(2), jobs: 3) { run in
                outcomes[run.planned.number] = run.outcome
                if run.planned.number == 0 { setting.interruption.request(.interrupt) }
                return true
            }
        #expect(abandonment == .interrupted)
        #expect(outcomes[0] != nil)
    }

    @Test("a port is nobody else's while its claim lives")
    func claims() throws {
        let ports = PortClaims()
        var random = Constant()
        var first: PortClaim? = try ports.claim(on: .loopback4, using: &random)
        let number = try #require(first?.port)
        #expect(try ports.claim(on: .loopback4, using: &random).port != number)
        first = nil
        random.count = 0
        #expect(try ports.claim(on: .loopback4, using: &random).port == number)
    }

    /// Says each number twice.
    private struct Constant: RandomNumberGenerator {
        var count: UInt64 = 0

        mutating func next() -> UInt64 {
            count += 1
            return 7919 + (count - 1) / 2
        }
    }
}
