// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import JSONText
import Reports
import Specs

/// A stored report whose transcripts are judged by the suite as it is now.
struct Rejudging {
    private let stored: StoredReport
    private let suite: Suite
    private let planner: Planner
    private let isStrict: Bool

    private var statuses: Set<ProgramStatus> = []
    private var scenarios: [ScenarioReport] = []
    private var coverage: CoverageCounter
    private var changed: [String] = []
    private var withoutTranscript = 0
    private var unjudgeable: [String] = []
    /// The plans that were made last: cases of one scenario stand together.
    private var last: (key: PlanKey, plans: [Plan])?

    private struct PlanKey: Equatable {
        var scenario: String
        var split: CutPlan?
        var reach: SplitReach
        var seed: UInt64
    }

    /// `accounts` are those of the file that the run had; `nil` where the runner drew them.
    init(
        _ stored: StoredReport, _ loaded: LoadedSuite, accounts: [Account]? = nil, isStrict: Bool
    ) {
        self.stored = stored
        suite = loaded.suite
        self.isStrict = isStrict
        var system = stored.system
        system.accounts = accounts.map { .listed($0) } ?? .drawn(seed: stored.seed)
        planner = Planner(suite: suite, system: system, seed: stored.seed, log: ProblemLog())
        coverage = CoverageCounter(suite: suite)
    }

    /// Judges one case; what cannot be judged counts with the verdict that it has.
    mutating func judge(_ entry: StoredScenario) {
        guard let node = entry.transcript else {
            withoutTranscript += 1
            return count(entry.verdict)
        }
        guard let plan = plan(of: entry) else {
            return leave(entry, "is not in the suite any more")
        }
        guard isOfToday(entry, plan) else {
            return leave(entry, "is done in another way by today's specs: run it again")
        }
        guard node["omittedBytes"] == nil else {
            return leave(entry, "too much came for all of it to be in the report")
        }
        do throws(StoredReportError) {
            take(entry, plan, try TranscriptReader.transcript(node, of: plan))
        } catch {
            leave(entry, "its transcript cannot be read: \(error)")
        }
    }

    /// Whether the run did what it would do by today's specs, so that they can judge it.
    private func isOfToday(_ entry: StoredScenario, _ plan: Plan) -> Bool {
        entry.conduct.map { $0 == plan.conduct } ?? !isChanged
    }

    private var isChanged: Bool { suite.hash != stored.suiteHash }

    /// What cannot be judged counts with the verdict that it has.
    private mutating func leave(_ entry: StoredScenario, _ reason: String) {
        unjudgeable.append("\(shown(entry)): \(reason)")
        count(entry.verdict)
    }

    private mutating func take(_ entry: StoredScenario, _ plan: Plan, _ transcript: Transcript) {
        let judgement = Judge.judge(
            plan, transcript, requirements: suite.requirements, isStrict: isStrict)
        if isChanged, !judgement.follows(from: transcript) {
            return leave(entry, "the run did not wait for what today's specs expect: run it again")
        }
        coverage.add(plan, judgement, transcript)
        count(judgement.verdict)
        if judgement.verdict != entry.verdict {
            changed.append("\(shown(entry)): \(entry.verdict) before, \(judgement.verdict) now")
        }
        var report = ScenarioReport(
            plan: plan, judgement: judgement, duration: entry.duration, reproduce: entry.reproduce,
            split: entry.split, transcript: transcript, serverEnd: entry.serverEnd,
            capture: entry.capture)
        report.seed = entry.seed
        scenarios.append(report)
    }

    private mutating func count(_ verdict: Verdict) {
        statuses.insert(ProgramStatus(of: verdict))
    }

    private func shown(_ entry: StoredScenario) -> String { ByteEscaping.escape(entry.id.utf8) }

    private mutating func plan(of entry: StoredScenario) -> Plan? {
        let key = PlanKey(
            scenario: entry.scenarioID, split: entry.split, reach: entry.splitReach,
            seed: entry.seed ?? stored.seed)
        if last?.key != key {
            let planner = planner.with(seed: key.seed)
            let plans = suite.topics.flatMap { topic in
                topic.scenarios.filter { $0.id == key.scenario }
                    .flatMap {
                        planner.plans($0, topic: topic.title, split: key.split, reach: key.reach)
                    }
            }
            last = (key, plans)
        }
        var plan = last?.plans.first { $0.caseID == entry.caseID }
        plan?.splitForm = entry.splitForm
        return plan
    }

    // MARK: What is said

    /// That of a run which had come to the same.
    var status: ProgramStatus {
        var statuses = statuses
        switch stored.abandoned {
        case .unreachable: statuses.insert(.unreachable)
        case .interrupted: statuses.insert(.interrupted)
        case .failedFast, nil: break
        }
        if stored.scenarios.allSatisfy({ $0.verdict == .skipped }) { statuses.insert(.failed) }
        return ProgramStatus.gravest(of: statuses)
    }

    var report: Report {
        Report(
            tool: Program.tool, protocolName: stored.protocolName, suiteHash: suite.hash,
            seed: stored.seed, started: stored.started, duration: stored.duration,
            server: stored.server, environment: [:], options: stored.options, notes: notes,
            abandoned: stored.abandoned, scenarios: scenarios, coverage: coverage.coverage)
    }

    private var notes: [String] {
        var notes: [String] = []
        if isChanged {
            notes.append("the specs have changed since the run")
        }
        if withoutTranscript > 0 {
            notes.append(
                "\(withoutTranscript) of \(stored.scenarios.count) cases have no transcript in the "
                    + "report and are not judged again (run with --transcripts all to keep them)")
        }
        return notes + unjudgeable
    }

    /// A line for each verdict that is another now, and how many there are.
    var changes: String {
        guard !scenarios.isEmpty else { return "nothing could be judged again\n" }
        let head =
            changed.isEmpty
            ? "no verdict has changed" : "verdicts that have changed: \(changed.count)"
        return ([head] + changed.map { "  \($0)" }).map { $0 + "\n" }.joined()
    }
}

extension StoredReport {
    /// The server under test, as the run knew it.
    fileprivate var system: SystemUnderTest {
        switch server {
        case .address:
            SystemUnderTest(features: options.features, isLaunched: false, isFresh: false)
        case .launched(_, let isReused):
            SystemUnderTest(features: options.features, isLaunched: true, isFresh: !isReused)
        }
    }
}
