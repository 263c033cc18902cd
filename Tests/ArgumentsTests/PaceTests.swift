// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

@Suite("Pace")
struct PaceTests {
    @Test("a pace is drained or a time")
    func pace() {
        #expect(Pace(parsing: "drained") == .drained)
        #expect(Pace(parsing: "5ms") == .pause(5_000_000))
        #expect(Pace(parsing: "soon") == nil)
        #expect(Pace.pause(5_000_000).description == "5ms")
    }
}
