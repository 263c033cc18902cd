// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// Runs planned cases, one after the other, each against the server that it is given.
final class Runner {
    private let pool: ServerPool
    private let setting: WorldSetting
    private let timing: Timing
    /// What is known of the server so far; each scenario may add to it.
    private(set) var knowledge: RunKnowledge
    /// Why the run has ended early, where it has.
    private(set) var abandonment: Abandonment?
    private var launchFailures = 0
    /// Whether a server that does not start gets a second chance at once.
    var launchesTwice = false
    /// How the server of the probe ended by itself, where it did.
    private(set) var probeEnd: Termination?
    /// Why the server of the probe did not start at the first attempt, where it did at the second.
    private(set) var slowProbe: LaunchFailure?

    /// So many launches in a row that fail are no accident.
    static let mostLaunchFailures = 2

    init(
        _ source: ServerSource, timing: Timing, setting: WorldSetting,
        knowledge: RunKnowledge = RunKnowledge()
    ) {
        self.knowledge = knowledge
        pool = ServerPool(source)
        self.timing = timing
        self.setting = setting
    }

    /// Learns what must be known of the server before it is judged: which barriers it answers.
    ///
    /// Goes on until `cutOff` at most, by the monotonic clock. Throws where no server can be
    /// launched.
    func probe(_ plan: Plan, cutOff: Int64? = nil) throws(LaunchFailure) {
        let lease = try lease(for: plan, &slowProbe)
        pool.prepareNext(1)
        var planned = PlannedCase(plan)
        planned.cutOff = cutOff
        let run = run(planned, lease)
        if case .ran(let scenario) = run.outcome {
            probeEnd = scenario.server?.termination
            knowledge = ProbePlan.knowledge(
                from: scenario.transcript, scenario.knowledge, of: plan)
        }
        noteInterruption()
    }

    /// Runs the cases until `each`, which is told of every one, returns `false`.
    func run(_ cases: some Sequence<PlannedCase>, each: (CaseRun) -> Bool) {
        var rest = cases.makeIterator()
        var window = [rest.next(), rest.next(), rest.next()].compactMap { $0 }
        while !window.isEmpty, abandonment == nil {
            var planned = window.removeFirst()
            planned.turn = WallClock.now.sinceEpoch
            let following = window.count { $0.skipped == nil }
            var hasPlannedNext = false
            func planNext() {
                guard !hasPlannedNext else { return }
                hasPlannedNext = true
                if let next = rest.next() { window.append(next) }
            }
            let run = run(planned, following: following, meanwhile: planNext)
            planNext()
            if !each(run) { abandonment = abandonment ?? .failedFast }
            noteInterruption()
        }
    }

    /// Ends the server that is used again and again; the next case gets another.
    func renewServer() { pool.renew() }

    /// Ends all servers that are left.
    func close() { pool.close() }

    private func noteInterruption() {
        if setting.interruption.isRequested { abandonment = .interrupted }
    }

    /// Runs one case; `following` is how many are run after it, so far as is known.
    ///
    /// `meanwhile` is done, where that comes about, while the server ends its connections.
    func run(
        _ planned: PlannedCase, following: Int, meanwhile: () -> Void = {}
    ) -> CaseRun {
        if let reason = planned.skipped {
            return CaseRun(planned: planned, outcome: .skipped(reason))
        }
        if let end = planned.notAfter, MonotonicClock.now > end {
            return CaseRun(planned: planned, outcome: .late)
        }
        var slowLaunch: LaunchFailure?
        do throws(LaunchFailure) {
            let lease = try lease(for: planned.plan, &slowLaunch)
            launchFailures = 0
            pool.prepareNext(following)
            var run = run(planned, lease, meanwhile: meanwhile)
            run.slowLaunch = slowLaunch
            return run
        } catch {
            launchFailures += 1
            if launchFailures >= Self.mostLaunchFailures {
                let output = error.output.head + error.output.tail
                abandonment = .unreachable(error.description, output: output)
            }
            return CaseRun(planned: planned, outcome: .launchFailed(error))
        }
    }

    private func lease(
        for plan: Plan, _ slowLaunch: inout LaunchFailure?
    ) throws(LaunchFailure) -> ServerPool.Lease {
        do throws(LaunchFailure) {
            return try pool.lease(for: plan, claims: setting.ports)
        } catch {
            if case .interrupted = error.reason { throw error }
            guard launchesTwice else { throw error }
            slowLaunch = error
        }
        return try pool.lease(for: plan, claims: setting.ports)
    }

    private func run(
        _ planned: PlannedCase, _ lease: ServerPool.Lease, meanwhile: () -> Void = {}
    ) -> CaseRun {
        var timing = timing
        if let timeout = planned.timeout { timing.timeout = min(timeout, timing.timeout) }
        let interpreter = Interpreter(plan: planned.plan, timing: timing, knowledge: knowledge)
        let world = SocketWorld(
            interpreter, at: lease.address, server: lease.server, launcher: pool.launcher,
            stage: lease.stage, setting: setting)
        world.cutOff = planned.cutOff
        let began = WallClock.now
        do throws(SystemCallError) {
            try world.run()
            let duration = world.now
            let listensNoMore = try leave(world, lease, meanwhile: meanwhile)
            var scenario = scenario(world, lease, began, duration)
            scenario.server?.listensNoMore = listensNoMore
            return CaseRun(planned: planned, outcome: .ran(scenario))
        } catch {
            world.abandon()
            pool.giveBack(lease)
            return CaseRun(planned: planned, outcome: .broken(error.description))
        }
    }

    /// A server that is fresh each time is killed before it sees its connections end, so that its
    /// last words are about the scenario.
    ///
    /// Returns whether it had stopped to listen before that.
    private func leave(
        _ world: SocketWorld, _ lease: ServerPool.Lease, meanwhile: () -> Void
    ) throws(SystemCallError) -> Bool {
        if !pool.isFresh, lease.stage == nil {
            try world.takeLeave(within: timing.leave, meanwhile: meanwhile)
        }
        try world.awaitServerEnd()
        let listensNoMore = world.hasFoundNobody
        pool.giveBack(lease)
        world.abandon()
        return listensNoMore
    }

    private func scenario(
        _ world: SocketWorld, _ lease: ServerPool.Lease, _ began: WallTime, _ duration: Int64
    ) -> ScenarioRun {
        knowledge.addFrames(of: world.interpreter.knowledge)
        knowledge.silences = world.interpreter.knowledge.silences
        knowledge.parts = world.interpreter.knowledge.parts
        let trace = lease.server.map { server in
            ServerTrace(
                command: server.command, address: server.address, output: output(of: lease),
                termination: server.termination, isReplacement: lease.isReplacement)
        }
        return ScenarioRun(
            transcript: world.interpreter.transcript, knowledge: world.interpreter.knowledge,
            duration: duration, starved: world.starved.total, isCutShort: world.isCutShort,
            began: began, ended: WallClock.now, address: lease.address, ours: world.ourEnds,
            accepted: world.acceptedEnds(notAt: lease.address), reachableSince: lease.stage?.began,
            server: trace)
    }
}

extension Runner {
    /// What the server printed; where there are several, what each of them did.
    private func output(of lease: ServerPool.Lease) -> CapturedOutput {
        guard let stage = lease.stage, stage.servers.count > 1 else {
            return lease.server?.output ?? CapturedOutput()
        }
        var output = CapturedOutput()
        for (name, server) in zip(stage.names, stage.servers) where !server.output.isEmpty {
            output.append(Array("[\(name), at \(server.address)]\n".utf8))
            output.append(server.output.head + server.output.tail)
        }
        return output
    }
}

extension Timing {
    /// How long a server may take to end the connections of one scenario before the next begins:
    /// as much as the quiet window that its scale has made of 20 ms, and a bit.
    var leave: Int64 { quietWindow / 2 * 25 }
}
