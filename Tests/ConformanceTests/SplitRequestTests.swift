// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conformance

@Suite("What split is asked for")
struct SplitRequestTests {
    @Test("there are more jobs than processors where nobody says how many, within bounds")
    func usualJobs() {
        func jobs(_ processors: Int) -> Int {
            SplitRequest.usualJobs(processors: processors, hasBudget: false)
        }
        #expect([1, 2, 3, 64].map(jobs) == [4, 8, 12, 16])
    }

    @Test("steps of trials have longer where jobs share a processor")
    func crowding() {
        #expect(SplitRequest.crowding(jobs: 8, processors: 2) == 4)
        #expect(SplitRequest.crowding(jobs: 3, processors: 2) == 1)
        #expect(SplitRequest.crowding(jobs: 1, processors: 4) == 1)
    }

    @Test("where time is short there is one job for each processor, and at most four")
    func jobsWithABudget() {
        func jobs(_ processors: Int) -> Int {
            SplitRequest.usualJobs(processors: processors, hasBudget: true)
        }
        #expect([1, 2, 3, 64].map(jobs) == [1, 2, 3, 4])
    }
}
