// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Specs

/// `conformance list`: the scenarios of a protocol, by topic.
enum ListCommand {
    static func run(_ parsed: ParsedCommand, _ console: Console) throws(UsageError) -> ProgramStatus
    {
        let loaded: LoadedSuite
        do {
            loaded = try LoadedSuite.load(parsed)
        } catch {
            return try console.report(error)
        }
        let planner = Planner(suite: loaded.suite, system: .complete, seed: 1, log: ProblemLog())
        let globs = parsed.values("only").map(Glob.init)
        let topics = loaded.suite.topics.compactMap { topic in
            parsed.flag("quiet")
                ? quiet(topic, planner, globs) : listed(topic, planner, globs)
        }
        if topics.isEmpty, !globs.isEmpty {
            throw parsed.usageError("--only: nothing of \(loaded.name) matches")
        }
        console.print(topics.joined(separator: "\n"))
        return .success
    }

    private static func listed(_ topic: Topic, _ planner: Planner, _ globs: [Glob]) -> String? {
        let lines = topic.scenarios.compactMap { scenario -> String? in
            let headings = planner.headings(scenario, topic: topic.title)
            guard headings.contains(where: { isChosen($0, globs) }) else { return nil }
            let cases = headings.count == 1 ? "" : " (\(headings.count) cases)"
            return "  \(scenario.id)\(cases)  \(scenario.title)\n"
        }
        return lines.isEmpty ? nil : "\(topic.title)\n" + lines.joined()
    }

    private static func isChosen(_ heading: CaseHeading, _ globs: [Glob]) -> Bool {
        globs.isEmpty || globs.contains { $0.matches(heading) }
    }

    /// Scenarios that wait to prove absence, and why nothing else can prove it there.
    private static func quiet(_ topic: Topic, _ planner: Planner, _ globs: [Glob]) -> String? {
        let lines = topic.scenarios.compactMap { scenario -> String? in
            let plans = planner.plans(scenario, topic: topic.title)
                .filter { isChosen($0.heading, globs) }
            var reasons: [String] = []
            for reason in plans.flatMap(\.quietReasons) where !reasons.contains(reason) {
                reasons.append(reason)
            }
            guard !reasons.isEmpty else { return nil }
            return "  \(scenario.id)\n" + reasons.map { "    \($0)\n" }.joined()
        }
        return lines.isEmpty ? nil : "\(topic.title)\n" + lines.joined()
    }
}
