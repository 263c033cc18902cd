// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import TestSupport
import Testing

@Suite("What plans do")
struct PlanConductTests {
    private func conduct(_ steps: String, allow: String = "") throws -> String {
        let small = SmallSuite(
            """
            "requirements": ["must"], "allow": [\(allow)], "steps": [
              { "peer": "alice", "do": "enter" }, { "peer": "bob", "do": "enter" }, \(steps)]
            """)
        #expect(small.problems == [])
        return try #require(small.plans.first).conduct
    }

    private let steps = """
        { "peer": "alice", "send": "one" }, { "peer": "bob", "expect": "two" },
        { "peer": "bob", "expectNothing": true }
        """

    @Test("what a message must be that a step looks at makes no other conduct")
    func expectations() throws {
        #expect(
            try conduct(steps)
                == conduct(steps.replacing("\"expect\": \"two\"", with: "\"expect\": \"three\"")))
    }

    @Test(
        "all that the runner acts by does",
        arguments: [
            ("one", "other"), ("\"alice\", \"send\"", "\"bob\", \"send\""),
            ("\"bob\", \"expect\"", "\"alice\", \"expect\""),
            ("\"expect\": \"two\"", "\"send\": \"two\""),
            ("\"expect\": \"two\"", "\"expect\": \"two\", \"within\": \"3s\""),
            ("\"expectNothing\": true", "\"expect\": \"two\""),
            (
                "{ \"peer\": \"bob\", \"expectNothing\": true }",
                "{ \"peer\": \"bob\", \"close\": true }"
            ),
        ])
    func changes(part: String, other: String) throws {
        #expect(steps.contains(part))
        #expect(try conduct(steps) != conduct(steps.replacing(part, with: other)))
    }

    @Test("what may come at any time does, and so does a step more")
    func frame() throws {
        let plain = try conduct(steps)
        #expect(try conduct(steps, allow: "\"news\"") != plain)
        #expect(try conduct("\(steps), { \"peer\": \"bob\", \"expect\": \"x\" }") != plain)
    }
}
