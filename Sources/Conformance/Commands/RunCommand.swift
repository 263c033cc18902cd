// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Reports
import Specs

/// `conformance run`: plans, runs, judges, reports.
enum RunCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        var request: RunRequest
        let loaded: LoadedSuite
        do {
            request = try RunRequest.reading(parsed)
            loaded = try LoadedSuite.load(parsed)
        } catch {
            return try console.report(error)
        }
        var stored: StoredReport?
        if let path = request.rerun {
            let report = try StoredReportFile.read(path, "--rerun-failed", parsed)
            guard report.protocolName == loaded.name else {
                throw parsed.usageError(
                    "--rerun-failed: the report is about \(report.protocolName), not "
                        + "\(loaded.name)")
            }
            if !parsed.flag("seed"), !request.knowsNames {
                request.seed = report.seed
                request.isSeedGiven = true
            }
            stored = report
        }
        try request.readAccounts(of: loaded.suite.document, parsed)
        // A case that is planned is complete: what is wrong in the files was told before.
        let planner = Planner(
            suite: loaded.suite, system: request.system, seed: request.seed, log: ProblemLog())
        try request.checkForm(loaded.suite.document, parsed)
        var selection = CaseSelection(
            planner: planner, only: request.only, split: request.split, form: request.splitForm,
            reach: request.splitReach, sharesServer: request.sharesServer)
        if let stored { selection = failed(stored, planner, parsed, &request) }
        if let idle = selection.idle.first { throw parsed.usageError(nothing(idle, loaded.suite)) }
        let session: RunSession
        do throws(SystemCallError) {
            session = try RunSession(request, loaded, selection, console)
        } catch {
            console.complain("error: \(error)\n")
            return .internalError
        }
        do throws(FileError) {
            try session.prepare()
        } catch {
            throw parsed.usageError("--report: nothing can be written there: \(error)")
        }
        return session.run()
    }

    /// The cases of a report that did not succeed.
    private static func failed(
        _ stored: StoredReport, _ planner: Planner, _ parsed: ParsedCommand,
        _ request: inout RunRequest
    ) -> CaseSelection {
        var lost: [String] = []
        var entries = stored.scenarios
            .filter { ![.pass, .observed, .skipped].contains($0.verdict) }
        if request.knowsNames {
            // Cases of one scenario, too, must not meet each other's names there.
            for place in entries.indices {
                entries[place].seed = PlanSeed.variant(UInt64(place), of: request.seed)
            }
        } else if parsed.flag("seed") {
            entries = entries.map(\.withoutSeed)
        }
        let selection = CaseSelection(planner: planner, again: entries, lost: &lost)
        request.notes += lost.map { id in
            "\(ByteEscaping.escape(id.utf8)) failed in the report and is not in the suite any more"
        }
        if stored.abandoned != nil {
            request.notes.append(
                "the run of the report did not come to its end: what it had not reached is not run "
                    + "again")
        }
        let hasSucceeded = stored.scenarios.contains { [.pass, .observed].contains($0.verdict) }
        request.mayBeIdle = entries.isEmpty && stored.abandoned == nil && hasSucceeded
        if request.mayBeIdle { request.notes.append("nothing is to be run again") }
        return selection
    }

    static func nothing(_ glob: Glob, _ suite: Suite) -> String {
        let names = suite.scenarios.map(\.id) + suite.requirements.ids + suite.topics.map(\.title)
        let shown = ByteEscaping.quoted(glob.text.utf8)
        let isAbout = suite.scenarios.contains { scenario in
            glob.matches(scenario.id) || scenario.requirements.contains(where: glob.matches)
        }
        if isAbout
            || suite.topics.contains(where: { glob.matches($0.title) })
        {
            return "--only: \(shown) has no case with what this server offers; give 'foreach' "
                + "another value by --feature"
        }
        if suite.requirements.ids.contains(where: { glob.matches($0) }) {
            return "--only: no scenario is about \(shown)"
        }
        let advice =
            Suggestion.nearest(to: glob.text, in: names).map { "did you mean \($0)?" }
            ?? "see `\(Program.name) list \(suite.document.name)`"
        return "--only: no scenario, requirement or topic is called \(shown); \(advice)"
    }
}
