// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Reports
import Specs

/// One split run from its first server to its report.
///
///     uncut and cut, in turns ──▶ verify ──┐
///                  ▲───────────────────────┘  until nothing is left, or enough is broken
///
/// Rules:
/// - Each case runs uncut first. What fails there is not cut: no cut of the run's can break it. With
///   a budget, cases that hold are cut before the last ones have run uncut.
/// - Exploring is quick: where servers are launched, each job has one for all its cases, and steps
///   wait for less than a run's do. What fails is a suspect and no more; its case is held back.
/// - A suspect is verified as the replay line runs it: on a fresh server, with all patience, its
///   uncut run beside it. Only then it is a break.
/// - Of a case with segments of its own that fails or warns, segments are to blame where it holds
///   with all messages apart.
/// - Inconclusive is no break. The case goes on with its preamble whole; if it still does not come
///   to what it is about, one message form at a time is cut, which may get further.
final class SplitSession {
    let request: SplitRequest
    let loaded: LoadedSuite
    let setting: WorldSetting
    let judging: CaseJudging
    let console: Console
    let folder: ReportFolder
    let captures: CaptureDesk
    let started = WallClock.now
    let began = MonotonicClock.now

    var book: SplitBook
    var exploration: SplitExploration
    /// Places of cases that are still to be run without a cut.
    var uncutPlaces: ArraySlice<Int>
    /// Places of cases whose cuts byte by byte take seconds.
    var longPlaces: Set<Int> = []
    /// Whether any case was run: else there is nothing that notes could be about.
    var hasRun = false
    var busy = SplitBusy()
    /// How the server reads messages of which only a part has come, as far as trials have shown it.
    var parts = PartReading()
    var splitting = Splitting()
    var suspects: [SplitSuspect] = []
    /// Cases whose preamble breaks when it is cut: from then on, it is left whole.
    var spared: Set<Int> = []
    /// What kept cases from what they are about, to be looked into where nothing is broken.
    var hindered: [SplitSuspect] = []
    /// Whether any suspect was looked at.
    var hasVerified = false
    var coverage: CoverageCounter
    var statuses: Set<ProgramStatus> = []
    var progress: SplitProgress
    /// Servers that did not start.
    var launchFailures = 0
    var scenarios: [ScenarioReport] = []
    /// Places of cases that cut themselves and are still to be run.
    var ownCases: ArraySlice<Int> = []
    /// Places of all cases that are known to cut themselves.
    var ownPlaces: Set<Int> = []
    var doubts: ArraySlice<SplitDoubt> = []
    var evidence = EvidenceBudget()
    var abandonment: Abandonment?
    var notes: Set<String> = []

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
        exploration = SplitExploration(cases: book.count)
        uncutPlaces =
            request.budget == nil ? Array(0..<book.count)[...] : book.spread[...]
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
        noteNeverRun()
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
        return status(report)
    }

    func work() -> Abandonment? {
        let lanes: SplitLanes
        do throws(SplitFailure) {
            lanes = try SplitLanes(self)
        } catch {
            return error.abandonment
        }
        defer {
            lanes.close()
            leaveDoubts()
        }
        let verification = SplitVerification(self, lanes.verifier)
        repeat {
            if let ended = lanes.run(cases, each: take) {
                suspects.forEach(leave)
                return ended
            }
            settleSuspects(verification)
            if isInterrupted { return .interrupted }
        } while hasMore && splitting.ending == nil
        narrow(verification)
        if let ended = lanes.run(ownCuts, each: takeOwnCut) { return ended }
        settleDoubts(verification)
        return isInterrupted ? .interrupted : nil
    }

    /// Whether as many cases are broken as the user wants to know of.
    var isEnough: Bool {
        splitting.breaks.count + splitting.ownBreaks.count >= request.stopAfter
    }

    // MARK: Time

    var isInterrupted: Bool { setting.interruption.isRequested }

    /// Nanoseconds that are left; `nil`: no time was given.
    var timeLeft: Int64? { request.budget.map { $0 - (MonotonicClock.now - began) } }

    /// When nothing more is begun, by the monotonic clock.
    var end: Int64? { request.budget.map { began + $0 } }

    /// What is broken or may be takes time to be verified: a quarter of what is given.
    var isTimeToStop: Bool {
        guard let timeLeft, let budget = request.budget else { return false }
        let hasSuspects =
            !suspects.isEmpty || !splitting.breaks.isEmpty || !doubts.isEmpty
        return timeLeft < (hasSuspects ? budget / 4 : 0)
    }

    /// When nothing goes on any more: what comes up in the last moment has a little time, too.
    var lastEnd: Int64? { end.map { $0 + request.overtime } }

    /// Nanoseconds in which suspects may still be looked at.
    var verificationLeft: Int64? { lastEnd.map { $0 - MonotonicClock.now } }

    /// The case as one that is not begun after the end, and soon cut short there.
    func inTime(_ planned: PlannedCase) -> PlannedCase {
        var planned = planned
        planned.notAfter = end
        planned.cutOff = end.map { $0 + SplitRequest.mostLateness }
        return planned
    }
}

/// A case that a cut has changed, once, on a server that others use, too.
struct SplitSuspect {
    var place: Int
    var cut: SplitCut
    /// Of the trial; `nil`: the run's.
    var seed: UInt64?
    var effect: CutEffect

    /// What was cut broke the preamble, or may have.
    var isOfPreamble: Bool { effect == .unreached && cut.reach == .everything }
}
