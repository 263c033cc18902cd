// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conformance

@Suite("What split is asked for")
struct SplitRequestTests {
    @Test("there are more jobs than processors where nobody says how many, within bounds")
    func usualJobs() {
        #expect(SplitRequest.usualJobs(processors: 1) == 4)
        #expect(SplitRequest.usualJobs(processors: 2) == 8)
        #expect(SplitRequest.usualJobs(processors: 3) == 12)
        #expect(SplitRequest.usualJobs(processors: 64) == 16)
    }
}
