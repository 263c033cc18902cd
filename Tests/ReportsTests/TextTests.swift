// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing

@Suite("probe")
struct ProbeTests {
    @Test("probe")
    func probe() throws {
        let rich = try RichReport()
        print(TextExplanation.render(rich.everything, requirements: rich.requirements))
        print(TextSummary.render(rich.everything))
        print(TextSummary.render(rich.everything, style: TextStyle(width: 60, hasColour: true)))
    }
}
