// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Reports
import Specs

/// One split run from its first server to its report.
///
///     uncut ──▶ explore ──▶ verify ──┐
///                  ▲─────────────────┘  until nothing is left, or enough is broken
///
/// Rules:
/// - Each case runs uncut first. What fails there is left alone: no cut can break it.
/// - Exploring is quick: where servers are launched, each job has one for all its cases, and steps
///   wait for less than a run's do. What fails is a suspect and no more; its case is held back.
/// - A suspect is verified as the replay line runs it: on a fresh server, with all patience, its
///   uncut run beside it. Only then it is a break.
/// - Inconclusive is no break; then one message form at a time is cut, which may get further.
final class SplitSession {
    let request: SplitRequest
    let loaded: LoadedSuite
    let setting: WorldSetting
    let judging: CaseJudging
    private let console: Console
    private let folder: ReportFolder
    private let captures: CaptureDesk
    private let started = WallClock.now
    private let began = MonotonicClock.now

    var book: SplitBook
    var exploration = SplitExploration([])
    var splitting = Splitting()
    var suspects: [SplitSuspect] = []
    var coverage: CoverageCounter
    var statuses: Set<ProgramStatus> = []
    var progress: SplitProgress
    var trialsOnOneServer = 0
    /// Trials whose outcomes are known.
    private var told = 0
    private var scenarios: [ScenarioReport] = []
    /// Places of cases that cut themselves and are still to be run.
    private var ownCases: ArraySlice<Int> = []
    private var evidence = EvidenceBudget()
    private var abandonment: Abandonment?
    private var notes: Set<String> = []

    /// Takes SIGINT and SIGTERM from here on; fails where the system gives us no descriptors.
    init(
        _ request: SplitRequest, _ loaded: LoadedSuite, _ selection: CaseSelection,
        _ console: Console
    ) throws(SystemCallError) {
        self.request = request
        self.loaded = loaded
        self.console = console
        let loop = PollLoop()
        _ = try? DescriptorLimits.raise()
        setting = WorldSetting(
            loop: loop, watch: TakenWatch(), interruption: try Interruption(on: loop),
            pace: request.run.pace)
        judging = CaseJudging(
            requirements: loaded.suite.requirements, isStrict: request.run.isStrict,
            reproduction: ReproductionLine(request: request.run, protocolName: loaded.name))
        folder = ReportFolder(
            given: request.run.report, protocolName: loaded.name, started: started)
        captures = CaptureDesk(folder, loaded.suite.requirements)
        book = SplitBook(selection)
        coverage = CoverageCounter(suite: loaded.suite)
        progress = SplitProgress(console)
        splitting.budget = request.budget
        for note in request.run.notes {
            notes.insert(note)
            console.complain("note: \(note)\n")
        }
    }

    /// Throws where the report could not be written afterwards.
    func prepare() throws(FileError) { try folder.prepare() }

    func run() -> ProgramStatus {
        abandonment = work()
        writeCaptures()
        progress.clear()
        let report = report
        let json = JSONReport.bytes(of: report, requirements: loaded.suite.requirements)
        let path = write(json)
        if request.run.printsJSON {
            if case .unreachable(let reason, _)? = abandonment {
                console.complain("error: \(reason)\n")
            }
            console.print(String(decoding: json, as: UTF8.self))
        } else {
            var style = console.style
            style.folder = folder.path
            console.print(
                TextSplitting.render(
                    report, requirements: loaded.suite.requirements, style: style)
                    + (path.map { "report: \($0)\n" } ?? ""))
        }
        return status
    }

    private func work() -> Abandonment? {
        let lanes: SplitLanes
        do throws(SplitFailure) {
            lanes = try SplitLanes(self)
        } catch {
            return error.abandonment
        }
        defer { lanes.close() }
        if let ended = lanes.run(uncutCases, each: takeUncut) { return ended }
        planTrials()
        while true {
            if let ended = lanes.run(trials, each: takeTrial) { return ended }
            guard !suspects.isEmpty else { break }
            let verification = SplitVerification(self, lanes.verifier)
            for suspect in suspects where !isInterrupted && !isEnough {
                settle(suspect, verification)
            }
            suspects = []
            if isInterrupted { return .interrupted }
        }
        let ended = lanes.run(ownCuts, each: takeOwnCut)
        splitting.ownCutsLeft = ownCases.count
        return ended
    }

    /// Whether as many cases are broken as the user wants to know of.
    private var isEnough: Bool { splitting.breaks.count >= request.stopAfter }

    // MARK: Time

    var isInterrupted: Bool { setting.interruption.isRequested }

    /// Nanoseconds that are left; `nil`: no time was given.
    var timeLeft: Int64? { request.budget.map { $0 - (MonotonicClock.now - began) } }

    /// What is broken or may be takes time to be verified: a quarter of what is given.
    private var isTimeToStop: Bool {
        guard let timeLeft, let budget = request.budget else { return false }
        let hasSuspects = !suspects.isEmpty || !splitting.breaks.isEmpty
        return timeLeft < (hasSuspects ? budget / 4 : 0)
    }

    // MARK: Uncut

    private var uncutCases: AnySequence<PlannedCase> {
        var place = 0
        return AnySequence {
            AnyIterator { [self] in
                while place < book.count {
                    if isTimeToStop { return end(.budget, isEarly: true) }
                    defer { place += 1 }
                    guard let planned = book.planned(place, nil) else { continue }
                    guard planned.plan.hasOwnCuts, planned.skipped == nil else { return planned }
                    ownCases.append(place)
                }
                return nil
            }
        }
    }

    private func takeUncut(_ run: CaseRun) -> Bool {
        let report = judging.report(run)
        noteFailure(of: run, report)
        coverage.add(report.plan, report.judgement, report.transcript)
        let forms = report.transcript?.formsSent(behindPreambleOf: report.plan) ?? []
        book.uncut[run.planned.place] = SplitBook.Uncut(
            id: report.id, verdict: report.verdict, duration: report.duration, forms: forms,
            shape: SplitShape(report.plan))
        keep(report)
        progress.show("\(scenarios.count)/\(book.count) uncut", report.id, left: timeLeft)
        return true
    }

    private func keep(_ report: ScenarioReport) {
        var report = report
        report.bound(to: evidence.share)
        report.dropWhatPassed(keepingTranscript: false)
        evidence.spend(on: report)
        scenarios.append(report)
    }

    /// Plans the trials of all cases that hold uncut.
    private func planTrials() {
        let plans = (0..<book.count).map { place -> [CutPlan] in
            guard let uncut = book.uncut[place] else { return [] }
            if uncut.verdict.isFailure { splitting.failingUncut.append(uncut.id) }
            guard uncut.verdict.isGood else { return [] }
            let found = SplitPlans(for: uncut.shape, seed: request.run.seed)
            splitting.passedOver += found.passedOver
            return found.plans
        }
        splitting.cases = plans.count { !$0.isEmpty }
        exploration = SplitExploration(plans)
    }

    // MARK: Cases that cut themselves

    /// Cases whose own steps say how they are cut, as they are; they come last.
    private var ownCuts: AnySequence<PlannedCase> {
        AnySequence {
            AnyIterator { [self] in
                let broken = splitting.breaks.count + splitting.failingOwnCuts.count
                if broken >= request.stopAfter { return end(.breaks, isEarly: !ownCases.isEmpty) }
                if isTimeToStop { return end(.budget, isEarly: !ownCases.isEmpty) }
                return ownCases.popFirst().flatMap { book.planned($0, nil) }
            }
        }
    }

    private func takeOwnCut(_ run: CaseRun) -> Bool {
        let report = judging.report(run)
        noteFailure(of: run, report)
        coverage.add(report.plan, report.judgement, report.transcript)
        splitting.ownCuts += 1
        if report.verdict.isFailure { splitting.failingOwnCuts.append(report.id) }
        keep(report)
        progress.show("\(splitting.ownCuts) with cuts of their own", report.id, left: timeLeft)
        return true
    }

    // MARK: Exploring

    private var trials: AnySequence<PlannedCase> {
        AnySequence { AnyIterator { [self] in nextTrial() } }
    }

    private func nextTrial() -> PlannedCase? {
        while true {
            if isEnough { return end(.breaks, isEarly: exploration.hasMore) }
            // Enough to look at more closely before anything else is tried.
            if suspects.count + splitting.breaks.count >= request.stopAfter { return nil }
            if isTimeToStop { return end(.budget, isEarly: exploration.hasMore) }
            guard let trial = exploration.next() else { return nil }
            guard var planned = book.planned(trial.place, SplitCut(plan: trial.plan)),
                planned.skipped == nil
            else { continue }
            planned.timeout = quickTimeout(trial.place)
            return planned
        }
    }

    /// Notes why no more is tried, where something is left.
    private func end(_ ending: Splitting.Ending, isEarly: Bool) -> PlannedCase? {
        if isEarly { splitting.ending = splitting.ending ?? ending }
        return nil
    }

    /// Nanoseconds; a server that is slow uncut is so when it is cut.
    func quickTimeout(_ place: Int) -> Int64 {
        let usual = SplitRequest.quickTimeout * request.run.scale
        return max(usual, 4 * (book.uncut[place]?.duration ?? 0))
    }

    private func takeTrial(_ run: CaseRun) -> Bool {
        let report = judging.report(run)
        let place = run.planned.place
        noteFailure(of: run, report)
        told += 1
        switch report.verdict {
        case .pass, .observed, .warn:
            coverage.add(report.plan, report.judgement, report.transcript)
        case .fail, .inconclusive:
            if let transcript = report.transcript { coverage.add(touchedBy: transcript) }
            guard case .ran = run.outcome, let plan = run.planned.split,
                !suspects.contains(where: { $0.place == place })
            else { break }
            exploration.hold(place)
            suspects.append(
                SplitSuspect(place: place, plan: plan, hasFailed: report.verdict == .fail))
        case .skipped, .error: break
        }
        let broken = splitting.breaks.isEmpty ? "" : ", \(splitting.breaks.count) broken"
        progress.show("\(told)/\(exploration.planned)\(broken)", report.id, left: timeLeft)
        return true
    }

    private func noteFailure(of run: CaseRun, _ report: ScenarioReport) {
        if case .launchFailed = run.outcome { statuses.insert(.unreachable) }
        guard report.verdict == .error else { return }
        statuses.insert(.internalError)
        if report.split != nil { keep(report) }
    }

    // MARK: Verifying

    private func settle(_ suspect: SplitSuspect, _ verification: SplitVerification) {
        let id = book.uncut[suspect.place]?.id ?? ""
        // So many cases that were not reached have shown that the cut of a preamble breaks it.
        let isHopeless = !suspect.hasFailed && splitting.unreached.count >= 20
        switch isHopeless ? .unreached : verification.verify(suspect) {
        case .broken(let found, let run, let report):
            exploration.finish(suspect.place)
            keep(found, run, report)
        case .unreached:
            exploration.finish(suspect.place)
            splitting.unreached.append(id)
        case .unstable:
            let isAgain = splitting.unstable.contains(id)
            if isAgain { exploration.finish(suspect.place) } else { splitting.unstable.append(id) }
            exploration.clear(suspect.place)
        }
    }

    private func keep(_ found: Splitting.Break, _ run: CaseRun, _ report: ScenarioReport) {
        coverage.add(report.plan, report.judgement, report.transcript)
        splitting.breaks.append(found)
        keep(report)
        guard case .ran(let scenario) = run.outcome, request.run.capture != .none else { return }
        captures.order(report, scenario, number: scenarios.count)
    }

    // MARK: Reporting

    private func writeCaptures() {
        do throws(FileError) {
            for written in try captures.writeAll(on: setting.loop) {
                scenarios[written.number - 1].capture = written.capture
            }
        } catch {
            console.complain("error: a capture cannot be written: \(error)\n")
            statuses.insert(.internalError)
        }
    }

    private func write(_ json: [UInt8]) -> String? {
        do throws(FileError) {
            return try folder.write(json)
        } catch {
            console.complain("error: the report cannot be written: \(error)\n")
            statuses.insert(.internalError)
            return nil
        }
    }

    /// What fails uncut is no matter of cuts; but where nothing could be cut, nothing was shown.
    private var status: ProgramStatus {
        switch abandonment {
        case .unreachable: statuses.insert(.unreachable)
        case .interrupted: statuses.insert(.interrupted)
        case .failedFast, nil: break
        }
        let isBroken = !splitting.breaks.isEmpty || !splitting.failingOwnCuts.isEmpty
        let isOpen = splitting.tried == 0 || !splitting.unreached.isEmpty
        if isBroken || isOpen { statuses.insert(.failed) }
        let status = ProgramStatus.gravest(of: statuses)
        return status == .failed && request.run.exitsZero ? .success : status
    }

    private var report: Report {
        splitting.counts = exploration.counts
        switch abandonment {
        case .interrupted: splitting.ending = .interrupted
        case .unreachable: splitting.ending = .unreachable
        case .failedFast, nil: break
        }
        if let note = request.run.pace.note(hasSeenServer: setting.watch.hasSeenServer) {
            notes.insert(note)
        }
        var report = Report(
            tool: Program.tool, protocolName: loaded.name, suiteHash: loaded.suite.hash,
            seed: request.run.seed, started: started.description,
            duration: MonotonicClock.now - began, server: request.run.serverDescription,
            environment: RunRequest.environment, options: request.run.options,
            notes: notes.sorted(), abandoned: abandonment, scenarios: scenarios,
            coverage: coverage.coverage)
        report.splitting = splitting
        return report
    }
}

/// A case that has failed under a cut, once, on a server that others use, too.
struct SplitSuspect {
    var place: Int
    var plan: CutPlan
    /// It failed; otherwise it was inconclusive.
    var hasFailed: Bool
}
