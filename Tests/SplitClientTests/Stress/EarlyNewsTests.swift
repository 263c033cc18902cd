// SPDX-License-Identifier: Apache-2.0

import Arguments
import Posix
import Testing

@testable import SplitClient

@Suite("News that somebody has left, before all part")
struct EarlyNewsTests {
    /// A run whose clients talk, two of them in one group, each with a connection.
    private func withRun(
        _ use: (StressRun<PaddedStress>) throws -> Void
    ) throws {
        let line = ["stress", "padded", "h", "1", "--connections", "2"]
        guard case .command(let command) = try Program.command.parse(line) else {
            Issue.record("no command")
            return
        }
        let options = try StressOptions(command, defaultSeed: 1)
        let names = StressNames(mark: "abcd", clients: 2)
        let groups = options.groups(.others)
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let run = StressRun(
            options, PaddedStress(names: names, groups: groups), names: names, groups: groups,
            address: listener.localAddress, signals: nil, report: { _ in })
        for client in 0..<2 {
            run.ownConnection.append(client)
            let socket = try ServerConnection.connect(to: listener.localAddress)
            try run.add(socket, client: client, isCallback: false)
        }
        run.phase = .talking
        try use(run)
    }

    /// Client 0 is told that client 1 has left.
    private func tell(_ run: StressRun<PaddedStress>, isParting: Bool = false) {
        let message = run.names.names[1] + Array(" has left".utf8)
        run.names.names[1].withUnsafeBytes { name in
            message.withUnsafeBytes {
                run.talk.heard(.left, of: name, in: $0, at: 0, isParting: isParting)
            }
        }
    }

    @Test("where nobody's connection has ended, nobody had left")
    func untrue() throws {
        try withRun { run in
            tell(run)
            #expect(run.talk.findings.counts.isEmpty)
            run.end(hasAnswered: true)
            #expect(run.phase == .over)
            #expect(run.talk.findings.counts == [.unasked: 1])
            #expect(run.talk.findings.first.map(\.came) == [Array("uabcd00001 has left".utf8)])
        }
    }

    @Test("where the server ends a connection, it may have been true")
    func cannotBeJudged() throws {
        for phase in [
            StressRun<PaddedStress>.Phase.talking, .probing(since: 0), .settling(since: 0),
        ] {
            try withRun { run in
                run.phase = phase
                tell(run)
                run.disconnected(run.connections[1])
                #expect(run.phase == .over)
                #expect(run.talk.findings.counts == [.disconnected: 1])
            }
        }
    }

    @Test("an interrupted run does not judge it: the end of a connection may not have been read")
    func interrupted() throws {
        try withRun { run in
            tell(run)
            run.isInterrupted = true
            try run.turn()
            #expect(run.phase == .over)
            #expect(run.talk.findings.counts.isEmpty)
        }
    }

    @Test("an interrupt hides no failure of the same turn")
    func failedBefore() throws {
        try withRun { run in
            run.fail(.closed(client: 1))
            run.isInterrupted = true
            try run.turn()
            #expect(run.phase == .failed(.closed(client: 1)))
        }
    }

    @Test("who is told it a second time when all part is told what is wrong, at once")
    func twice() throws {
        try withRun { run in
            tell(run, isParting: true)
            #expect(run.talk.findings.counts.isEmpty)
            tell(run, isParting: true)
            #expect(run.talk.findings.counts == [.unasked: 1])
        }
    }

    @Test("what was said too early is found once, whether or not it is said again in time")
    func earlyAndInTime() throws {
        try withRun { run in
            tell(run)
            tell(run, isParting: true)
            #expect(run.talk.findings.counts.isEmpty)
            run.end(hasAnswered: true)
            #expect(run.talk.findings.counts == [.unasked: 1])
        }
    }

    @Test("findings of two kinds of judging are counted together, the first ones kept")
    func together() {
        func findings(_ count: Int, of sender: Int) -> StressFindings {
            var findings = StressFindings()
            for _ in 0..<count { findings.add(StressFinding(kind: .unasked, sender: sender)) }
            return findings
        }
        var all = findings(4, of: 1)
        all.add(findings(10, of: 2))
        #expect(all.counts == [.unasked: 14])
        #expect(all.first.map(\.sender) == [1, 1, 1, 1, 2, 2])
    }
}
