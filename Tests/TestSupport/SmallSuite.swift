// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import Specs

/// A suite of one scenario, for the reference machine of `padded`.
package struct SmallSuite {
    package let scenario: PlannedScenario

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
          "places": "capacity", "unaskedElsewhere": ["frames", "normal"],
          "barriers": [{ "states": ["named"], "send": "/${nonce}",
            "answer": { "contains": "${nonce}" }, "strayed": "frames" }] }
        """

    private static let requirements = """
        { "requirements": [
          { "id": "must", "level": "M", "sentence": "It must." },
          { "id": "should", "level": "S", "sentence": "It should." },
          { "id": "normal", "level": "S", "sentence": "It is normal." },
          { "id": "open", "level": "O", "sentence": "It may." },
          { "id": "frames", "level": "M", "sentence": "Frames are exact." } ] }
        """

    /// Plans one scenario; `members` is the inside of its JSON object but for id and title.
    package init(_ members: String, system: SystemUnderTest = .complete, seed: UInt64 = 1) {
        scenario = PlannedScenario(
            members, document: Self.document, requirements: Self.requirements, system: system,
            seed: seed)
    }

    /// Plans all scenarios of a file, of which this is the text.
    package init(file text: String, system: SystemUnderTest = .complete, seed: UInt64 = 1) {
        scenario = PlannedScenario(
            file: text, document: Self.document, requirements: Self.requirements, system: system,
            seed: seed)
    }

    package var suite: Suite? { scenario.suite }
    package var plans: [Plan] { scenario.plans }
    package var problems: [String] { scenario.problems }
}
