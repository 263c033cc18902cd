// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import Specs

/// A suite of one scenario, for the reference machine of `padded`.
package struct SmallSuite {
    package var suite: Suite?
    package var plans: [Plan] = []
    package var problems: [String]

    private static let document = """
        { "protocol": "padded", "title": "Small",
          "framing": { "kind": "fixed", "width": 200, "padding": " ",
            "tolerates": { "otherPadding": "frames", "newlineInPadding": "frames",
              "shortFrame": "frames" } },
          "forms": {
            "client": [
              { "form": "name", "message": "{{name}}", "states": ["unnamed"] },
              { "form": "join", "message": "/join {{channel}}" },
              { "form": "create", "message": "/create {{channel}}" },
              { "form": "list", "message": "/list" },
              { "form": "control", "message": "/{{word}}" },
              { "form": "text", "message": "{{text}}" } ],
            "server": [
              { "form": "said", "message": "[{{name}}] {{text}}", "unasked": "must" },
              { "form": "joined", "message": "{{name}} has joined" },
              { "form": "error", "message": "{{text}}" } ] },
          "states": ["unnamed", "named"],
          "transitions": [{ "from": "unnamed", "client": true, "to": "named" }],
          "generators": {
            "name": { "alphabet": "abcdefghijklmnopqrstuvwxyz", "length": [8, 8] },
            "text": { "alphabet": "abcdefghijklmnopqrstuvwxyz", "length": [20, 30] } },
          "peerNames": "name",
          "procedures": {
            "enter": { "steps": [{ "connect": true }, { "send": "${name}" }] },
            "sit": { "parameters": ["in"], "steps": [
              { "connect": true }, { "send": "${name}" }, { "send": "/join ${in}" }],
              "allow": ["${name} has joined"] },
            "meet": { "steps": [
              { "connect": true }, { "send": "${name}" },
              { "expect": { "any": true }, "requirement": "must" }] } },
          "places": "capacity", "unaskedElsewhere": ["frames"],
          "barriers": [{ "states": ["named"], "send": "/${nonce}",
            "answer": { "contains": "${nonce}" }, "strayed": "frames" }] }
        """

    private static let requirements = """
        { "requirements": [
          { "id": "must", "level": "M", "sentence": "It must." },
          { "id": "should", "level": "S", "sentence": "It should." },
          { "id": "open", "level": "O", "sentence": "It may." },
          { "id": "frames", "level": "M", "sentence": "Frames are exact." } ] }
        """

    /// Plans one scenario; `members` is the inside of its JSON object but for id and title.
    package init(_ members: String, system: SystemUnderTest = .complete, seed: UInt64 = 1) {
        let scenario = """
            { "topic": "Test", "scenarios": [{ "id": "case", "title": "It holds", \(members) }] }
            """
        let log = ProblemLog()
        suite = SuiteFiles(
            document: SpecFile(path: "protocol.json", bytes: Array(Self.document.utf8)),
            requirements: SpecFile(path: "requirements.json", bytes: Array(Self.requirements.utf8)),
            scenarios: [SpecFile(path: "case.json", bytes: Array(scenario.utf8))]
        ).suite(log: log)
        if let suite {
            let planner = Planner(suite: suite, system: system, seed: seed, log: log)
            for scenario in suite.scenarios {
                plans += planner.plans(scenario, topic: "Test")
            }
        }
        problems = log.problems.map(\.description)
    }
}
