// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix
import Reports
import Specs

/// One run from its first server to its report.
final class RunSession {
    let request: RunRequest
    let loaded: LoadedSuite
    let selection: CaseSelection
    let console: Console
    let setting: WorldSetting
    let judging: CaseJudging
    private let folder: ReportFolder
    let captures: CaptureDesk
    private let started = WallClock.now
    private let began = MonotonicClock.now

    var progress: ProgressLine
    var coverage: CoverageCounter
    var results = RoundResults()
    var budget = EvidenceBudget()
    var statuses: Set<ProgramStatus> = []
    var notes = RunNotes()

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
            notes.add(note)
            console.complain("note: \(note)\n")
        }
    }

    /// Throws where the report could not be written afterwards.
    func prepare() throws(FileError) { try folder.prepare() }

    func run() -> ProgramStatus {
        let abandonment = selection.count > 0 ? runCases() : nil
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

    private func report(_ abandonment: Abandonment?) -> Report {
        let notes = notes.notes(
            of: request, hasSkippedAll: hasSkippedAll && results.count > 0,
            hasSeenServer: setting.watch.hasSeenServer
        ).union(results.notes(of: request))
        return Report(
            tool: Program.tool,
            protocolName: loaded.name, suiteHash: loaded.suite.hash, seed: request.seed,
            started: started.description, duration: MonotonicClock.now - began,
            server: request.serverDescription, environment: RunRequest.environment,
            options: request.options,
            notes: notes.sorted(), abandoned: abandonment, scenarios: results.scenarios,
            coverage: coverage.coverage)
    }
}
