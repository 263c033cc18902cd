// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Posix
import Specs

/// `conformance split`: every scenario under every cut.
enum SplitCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        var request: SplitRequest
        let loaded: LoadedSuite
        do {
            request = try SplitRequest.reading(parsed)
            loaded = try LoadedSuite.load(parsed)
        } catch {
            return try console.report(error)
        }
        try request.run.readAccounts(of: loaded.suite.document, parsed)
        let planner = Planner(
            suite: loaded.suite, system: request.run.system, seed: request.run.seed,
            log: ProblemLog())
        let selection = CaseSelection(planner: planner, only: request.run.only, split: nil)
        if let idle = selection.idle.first {
            throw parsed.usageError(RunCommand.nothing(idle, loaded.suite))
        }
        let session: SplitSession
        do throws(SystemCallError) {
            session = try SplitSession(request, loaded, selection, console)
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
}

extension SplitRequest {
    fileprivate static func reading(_ parsed: ParsedCommand) throws(SuiteFailure) -> SplitRequest {
        let run = try RunRequest.reading(parsed)
        do {
            return try SplitRequest(run, parsed)
        } catch {
            throw .usage(error)
        }
    }
}
