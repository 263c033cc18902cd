// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix
import Reports
import Specs

/// One run from its first server to its report.
final class RunSession {
    private let request: RunRequest
    private let loaded: LoadedSuite
    private let selection: CaseSelection
    private let console: Console
    private let setting: WorldSetting
    private let judging: CaseJudging
    private let folder: ReportFolder
    private let captures: CaptureDesk
    private let started = WallClock.now
    private let began = MonotonicClock.now

    private var progress: ProgressLine
    private var coverage: CoverageCounter
    private var results = RoundResults()
    private var scenarios: [ScenarioReport] { results.scenarios }
    private var budget = EvidenceBudget()
    private var statuses: Set<ProgramStatus> = []
    private var notes: Set<String> = []
    private var waits = WaitNotes()
    /// Whether the run's plan has cut or joined anything.
    private var hasCut = false
    /// Nanoseconds in which servers waited for a processor.
    private var starved: Int64 = 0

    /// Takes SIGINT and SIGTERM from here on; fails where the system gives us no descriptors.
    init(
        _ request: RunRequest, _ loaded: LoadedSuite, _ selection: CaseSelection,
        _ console: Console
    ) throws(SystemCallError) {
        self.request = request
        self.loaded = loaded
        self.selection = selection
        self.console = console
        let loop = PollLoop()
        _ = try? DescriptorLimits.raise()
        setting = WorldSetting(
            loop: loop, watch: TakenWatch(), interruption: try Interruption(on: loop),
            pace: request.pace)
        judging = CaseJudging(
            requirements: loaded.suite.requirements, isStrict: request.isStrict,
            reproduction: ReproductionLine(request: request, protocolName: loaded.name))
        folder = ReportFolder(
            given: request.report, protocolName: loaded.name, started: started)
        captures = CaptureDesk(folder, loaded.suite.requirements)
        coverage = CoverageCounter(suite: loaded.suite)
        progress = ProgressLine(console, total: selection.count * request.rounds)
        for note in request.notes {
            notes.insert(note)
            console.complain("note: \(note)\n")
        }
    }

    /// Throws where the report could not be written afterwards.
    func prepare() throws(FileError) { try folder.prepare() }

    func run() -> ProgramStatus {
        let abandonment = runCases()
        keepCaptures { () throws(FileError) in try captures.writeAll(on: setting.loop) }
        captures.close()
        progress.clear()
        let report = report(abandonment)
        let json = JSONReport.bytes(
            of: report, requirements: loaded.suite.requirements,
            transcripts: request.transcripts.selection)
        let path = write(json)
        if request.printsJSON { printJSON(json, abandonment) } else { printText(report, path) }
        return status(abandonment)
    }

    /// The file's bytes; a person who sees only standard error is told why there is little in it.
    private func printJSON(_ json: [UInt8], _ abandonment: Abandonment?) {
        if case .unreachable(let reason, _) = abandonment { console.complain("error: \(reason)\n") }
        console.print(String(decoding: json, as: UTF8.self))
    }

    private func printText(_ report: Report, _ path: String?) {
        var style = console.style
        style.folder = folder.path
        console.print(
            TextExplanation.render(
                report, requirements: loaded.suite.requirements, style: style)
                + TextSummary.render(report, style: style)
                + (path.map { "report: \($0)\n" } ?? ""))
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

    // MARK: Running

    private func runCases() -> Abandonment? {
        let source: ServerSource
        do throws(Unreachable) {
            source = try self.source()
        } catch {
            return .unreachable(error.description, output: [])
        }
        if request.capture != .none { captures.open(source) }
        let runner = Runner(source, timing: request.timing, setting: setting)
        defer { runner.close() }
        do throws(LaunchFailure) {
            if let plan = ProbePlan.plan(for: selection.planner) { try runner.probe(plan) }
        } catch {
            if case .interrupted = error.reason { return .interrupted }
            return .unreachable(error.description, output: error.output.head + error.output.tail)
        }
        noteBarriers(runner.knowledge)
        captures.begin(on: setting.loop)
        // With one job alone a thread of its own would only compete with the server.
        if case .fresh(let launcher) = source, request.jobs > 1 {
            runner.close()
            return runSideBySide(launcher.line, runner.knowledge)
        }
        for rounds in roundsTogether {
            runner.run(selection.cases(rounds: rounds)) { take($0) }
            if let abandonment = runner.abandonment { return abandonment }
            if endsHere { break }
        }
        return nil
    }

    /// Rounds between which nothing has to be decided.
    private var roundsTogether: [Range<Int>] {
        let all = 0..<request.rounds
        return request.endsAtFailedRound ? all.map { $0..<$0 + 1 } : [all]
    }

    private var endsHere: Bool { request.endsAtFailedRound && results.failedRound != nil }

    private func runSideBySide(
        _ line: LaunchLine, _ knowledge: RunKnowledge
    ) -> Abandonment? {
        let setup = JobSetup(
            line: line, specs: loaded.specs.path, moderator: request.moderator, files: files,
            startLimit: request.startLimit, timing: request.timing, pace: request.pace,
            knowledge: knowledge, ports: setting.ports)
        for rounds in roundsTogether {
            if let abandonment = runSideBySide(rounds, setup) { return abandonment }
            if endsHere || statuses.contains(.internalError) { break }
        }
        return nil
    }

    private func runSideBySide(_ rounds: Range<Int>, _ setup: JobSetup) -> Abandonment? {
        let team = JobTeam(setup, setting: setting)
        do throws(SystemCallError) {
            return try team.run(
                selection.cases(rounds: rounds),
                jobs: min(request.jobs, selection.count * rounds.count)
            ) { take($0) }
        } catch {
            console.complain("error: \(error)\n")
            statuses.insert(.internalError)
            return nil
        }
    }

    /// What launched servers are told in files.
    private var files: LaunchFiles {
        LaunchFiles(accountsOf: selection.planner)
    }

    private func source() throws(Unreachable) -> ServerSource {
        switch request.server {
        case .target(let name):
            return .target(try Target.find(name, within: request.timeout * request.scale))
        case .launch(let line, let isReused):
            let launcher = ServerLauncher(
                line, specs: loaded.specs.path, moderator: request.moderator, files: files,
                startLimit: request.startLimit, setting: setting)
            return isReused ? .reused(launcher) : .fresh(launcher)
        }
    }

    /// Judges a case as soon as it has run; `false` ends the run.
    private func take(_ run: CaseRun) -> Bool {
        var report = judging.report(run)
        if case .launchFailed = run.outcome { statuses.insert(.unreachable) }
        noteServer(run)
        waits.add(report)
        hasCut = hasCut || report.isCutByRun
        coverage.add(report.plan, report.judgement, report.transcript)
        statuses.insert(ProgramStatus(of: report.verdict))
        let isKept = results.count(report, run.planned, seed: run.planned.seed ?? request.seed)
        if isKept {
            if request.transcripts == .failures { report.bound(to: budget.share) }
            orderCapture(run, report)
            report.dropWhatPassed(keepingTranscript: request.transcripts == .all)
            budget.spend(on: report)
            results.keep(report)
        }
        keepCaptures { () throws(FileError) in
            try captures.writeSettled(forgettingBefore: run.planned.turn)
        }
        progress.show(report, number: results.count)
        return !(request.failsFast && (report.verdict.isFailure || report.verdict == .error))
    }

    /// A run that has judged nothing is no success.
    private var hasSkippedAll: Bool { scenarios.allSatisfy { $0.verdict == .skipped } }

    private func orderCapture(_ run: CaseRun, _ report: ScenarioReport) {
        guard case .ran(let scenario) = run.outcome, request.capture.isWanted(of: report.verdict)
        else { return }
        captures.order(report, scenario, number: results.count)
    }

    private func keepCaptures(_ write: () throws(FileError) -> [CaptureDesk.Written]) {
        do throws(FileError) {
            for written in try write() { results.add(written) }
        } catch {
            if statuses.insert(.internalError).inserted {
                console.complain("error: a capture cannot be written: \(error)\n")
            }
        }
    }

    private func status(_ abandonment: Abandonment?) -> ProgramStatus {
        switch abandonment {
        case .unreachable: statuses.insert(.unreachable)
        case .interrupted: statuses.insert(.interrupted)
        case .failedFast: break
        case nil: if hasSkippedAll { statuses.insert(.failed) }
        }
        let status = ProgramStatus.gravest(of: statuses)
        return status == .failed && request.exitsZero ? .success : status
    }

    // MARK: Reporting

    private func noteBarriers(_ knowledge: RunKnowledge) {
        for state in knowledge.brokenBarriers.sorted() {
            notes.insert(
                "the server does not answer the request that shows the end of what it sends "
                    + "(state '\(state)'); absence is shown by a quiet window there")
        }
    }

    /// A run under a plan that makes no difference shows nothing about that plan.
    private var idleCut: String? {
        guard let split = request.split, !hasCut, !hasSkippedAll else { return nil }
        return "--split \(split) has cut and joined nothing in these scenarios: no message was "
            + "long enough, or had such content, or none followed another with no wait between"
    }

    private func noteServer(_ run: CaseRun) {
        guard case .ran(let scenario) = run.outcome else { return }
        starved += scenario.starved
        guard scenario.server?.isReplacement == true else { return }
        notes.insert("the server had died before \(run.planned.plan.caseID) and was started again")
    }

    private func report(_ abandonment: Abandonment?) -> Report {
        var notes = notes.union(results.notes(of: request)).union(waits.notes)
        if hasSkippedAll { notes.insert("nothing was judged: every scenario was skipped") }
        let hasSeenServer = setting.watch.hasSeenServer
        if !hasSkippedAll, let note = request.pace.note(hasSeenServer: hasSeenServer) {
            notes.insert(note)
        }
        if let note = idleCut { notes.insert(note) }
        if starved > 1_000_000_000 {
            notes.insert(
                "the machine was busy: while the server or this program waited for a processor, "
                    + "for \(starved / 1_000_000_000) s in all, the scenarios' clocks stood still")
        }
        return Report(
            tool: Program.tool,
            protocolName: loaded.name, suiteHash: loaded.suite.hash, seed: request.seed,
            started: started.description, duration: MonotonicClock.now - began,
            server: request.serverDescription, environment: RunRequest.environment,
            options: request.options,
            notes: notes.sorted(), abandoned: abandonment, scenarios: scenarios,
            coverage: coverage.coverage)
    }
}
