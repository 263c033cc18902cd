// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ConformanceCore

@Suite("Cuts of one message form")
struct CutsOfOneFormTests {
    private func narrowed(_ cuts: [Int], isJoining: Bool = false) -> [Int] {
        CutsOfOneForm("b", lengths: [10, 10, 10], forms: ["a", "b", nil])
            .narrowed(cuts, isJoining: isJoining)
    }

    @Test("only cuts inside messages of the form stay")
    func inside() {
        #expect(narrowed([1, 9, 11, 15, 19, 21, 29]) == [11, 15, 19])
    }

    @Test("borders between messages stay where they were, and none is made")
    func borders() {
        #expect(narrowed([5, 10, 20]) == [10, 20])
        #expect(narrowed([5]) == [])
    }

    @Test("under a plan that joins, only messages of the form share a segment with the one before")
    func joined() {
        #expect(narrowed([], isJoining: true) == [20])
        #expect(narrowed([10], isJoining: true) == [10, 20])
        #expect(narrowed([15, 25], isJoining: true) == [15, 20])
    }

    @Test("messages without a known form are not cut")
    func unknown() {
        let cuts = CutsOfOneForm("b", lengths: [4, 4], forms: []).narrowed(
            [2, 6], isJoining: false)
        #expect(cuts == [])
    }
}
