// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Reports
import Specs

/// `conformance judge`: judges the transcripts of a report again.
enum JudgeCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        let given = parsed.value("report") ?? ""
        let stored = try StoredReportFile.read(given, "<report>", parsed)
        let loaded: LoadedSuite
        do {
            loaded = try LoadedSuite.load(parsed, name: stored.protocolName)
        } catch {
            return try console.report(error)
        }
        var accounts: [Account]?
        if let users = parsed.value("users") ?? stored.options.users {
            accounts = try AccountsFile.read(users, of: loaded.suite.document, parsed)
        }
        var rejudging = Rejudging(
            stored, loaded, accounts: accounts,
            isStrict: parsed.flag("strict") || stored.options.isStrict)
        for scenario in stored.scenarios { rejudging.judge(scenario) }
        let report = rejudging.report
        var style = console.style
        style.folder = folder(StoredReportFile.path(given))
        console.print(
            TextExplanation.render(
                report, requirements: loaded.suite.requirements, style: style)
                + TextSummary.render(report, style: style) + rejudging.changes)
        return rejudging.status
    }

    private static func folder(_ path: String) -> String {
        path.utf8.contains(UInt8(ascii: "/")) ? PathText.parent(of: path) : "."
    }
}
