// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs
import TestSupport
import Testing

@Suite("Systems under test")
struct SystemUnderTestTests {
    private let alice = #"{ "peer": "alice", "do": "enter" }"#

    @Test("a case of more clients than the server serves is skipped, unless it is about that")
    func places() throws {
        func reason(_ capacity: String, _ more: String = "") throws -> String? {
            let members = """
                \(more) "requirements": ["must"], "steps": [\(alice),
                  { "peer": "bob", "do": "enter" }, { "peer": "cid", "connect": true }]
                """
            var system = SystemUnderTest.complete
            system.features["capacity"] = capacity
            let plan = try #require(SmallSuite(members, system: system).plans.first)
            return system.missing(plan)?.description
        }
        #expect(try reason("3") == nil)
        #expect(
            try reason("2") == "it needs 3 clients at once, and the server serves 2 (capacity)")
        #expect(try reason("2", #""needs": ["capacity"],"#) == nil)
        #expect(
            try reason("1", #""needs": ["capacity"],"#)
                == "it needs 2 clients at once, and the server serves 1 (capacity)")
    }

    @Test("what a server does not offer is told before anything runs")
    func needs() {
        let address = SystemUnderTest(isLaunched: false, isFresh: false)
        #expect(address.missing([]) == nil)
        #expect(address.missing([.fresh]) == .needsFreshServer)
        #expect(address.missing([.launched]) == .needsLaunchedServer)
        #expect(address.missing([.database]) == .lacksFeature(.database))
        let launched = SystemUnderTest(isLaunched: true, isFresh: true)
        #expect(launched.missing([.launched, .ownPort]) == .needsOwnPort)
        #expect(SystemUnderTest.complete.missing(Need.allCases) == nil)
    }
}
