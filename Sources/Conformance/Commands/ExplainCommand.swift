// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Specs

/// `conformance explain`: what a requirement or a scenario is about.
enum ExplainCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        let loaded: LoadedSuite
        do {
            loaded = try LoadedSuite.load(parsed)
        } catch {
            return try console.report(error)
        }
        let suite = loaded.suite
        let id = parsed.value("id") ?? ""
        var blocks: [String] = []
        if let requirement = suite.requirements[id] {
            blocks.append(explained(requirement, suite))
        }
        for topic in suite.topics {
            for scenario in topic.scenarios where scenario.id == id {
                blocks.append(explained(scenario, topic, suite))
            }
        }
        guard !blocks.isEmpty else { throw parsed.usageError(unknown(id, suite)) }
        console.print(blocks.joined(separator: "\n"))
        return .success
    }

    private static func unknown(_ id: String, _ suite: Suite) -> String {
        let near = Suggestion.nearest(
            to: id, in: suite.requirements.ids + suite.scenarios.map(\.id))
        return "there is no requirement or scenario \(ByteEscaping.quoted(id.utf8)); "
            + (near.map { "did you mean \($0)?" }
                ?? "see `\(Program.name) list \(suite.document.name)`")
    }

    private static func explained(_ requirement: Requirement, _ suite: Suite) -> String {
        var lines = ["requirement \(line(requirement))", "at \(requirement.position)"]
        if let reason = requirement.excluded { lines.append("not tested: \(reason)") }
        let scenarios = suite.scenarios.filter { $0.requirements.contains(requirement.id) }
        if !scenarios.isEmpty { lines.append("tested by:") }
        lines += scenarios.map { "  \($0.id)  \($0.title)" }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func line(_ requirement: Requirement) -> String {
        let level =
            switch requirement.level {
            case .must: "M: it must hold"
            case .should: "S: a warning where it does not hold"
            case .open: "O: observed, never failed"
            }
        return "\(requirement.id) (\(level))\n  \(requirement.sentence)"
    }

    private static func explained(_ scenario: Scenario, _ topic: Topic, _ suite: Suite) -> String {
        let planner = Planner(suite: suite, system: .complete, seed: 1, log: ProblemLog())
        let plans = planner.plans(scenario, topic: topic.title)
        var lines = ["scenario \(scenario.id)", "  \(scenario.title)", "topic: \(topic.title)"]
        lines.append("at \(scenario.position)")
        for id in scenario.requirements {
            guard let requirement = suite.requirements[id] else { continue }
            lines.append("requirement \(line(requirement))")
        }
        var needs = scenario.needs.map(\.rawValue)
        if let accounts = plans.map(\.accounts).max(), accounts > 0 {
            needs.append("\(accounts) account\(accounts == 1 ? "" : "s")")
        }
        if !needs.isEmpty { lines.append("needs: " + needs.joined(separator: ", ")) }
        if let plan = plans.first {
            let cases =
                plans.count == 1 ? "" : " of \(plan.caseID), the first of \(plans.count) cases"
            lines.append("steps\(cases), with the values of seed 1:")
            lines += plan.outline.map { "  \($0)" }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
