// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Specs

/// `conformance run`: plans, runs, judges, reports.
enum RunCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        let request = try RunRequest(parsed)
        let loaded: LoadedSuite
        do {
            loaded = try LoadedSuite.load(parsed)
        } catch {
            return try console.report(error)
        }
        // A case that is planned is complete: what is wrong in the files was told before.
        let planner = Planner(
            suite: loaded.suite, system: request.system, seed: request.seed, log: ProblemLog())
        let selection = CaseSelection(planner: planner, only: request.only, split: request.split)
        if let idle = selection.idle.first { throw parsed.usageError(nothing(idle, loaded.suite)) }
        do throws(SystemCallError) {
            let session = try RunSession(request, loaded, selection, console)
            return session.run()
        } catch {
            console.complain("error: \(error)\n")
            return .internalError
        }
    }

    private static func nothing(_ glob: Glob, _ suite: Suite) -> String {
        let names = suite.scenarios.map(\.id) + suite.requirements.ids + suite.topics.map(\.title)
        let shown = ByteEscaping.quoted(glob.text.utf8)
        let advice =
            Suggestion.nearest(to: glob.text, in: names).map { "did you mean \($0)?" }
            ?? "see `\(Program.name) list \(suite.document.name)`"
        return "--only: no scenario, requirement or topic is called \(shown); \(advice)"
    }
}
