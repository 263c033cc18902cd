// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("CutPlan parts")
struct CutsInPartsTests {
    /// The cuts of so many messages of one length that follow each other.
    private func cuts(_ plan: CutPlan, length: Int, messages: Int, from start: Int = 0) -> [[Int]] {
        let message = MessageToCut(bytes: [UInt8](repeating: 0x61, count: length))
        return (0..<messages).map { number in
            plan.cuts(of: [message], streamOffset: start + number * length)
        }
    }

    @Test("messages of one length are cut in all ways, one after the other")
    func allWays() {
        #expect(cuts(.parts(2), length: 5, messages: 5) == [[1], [2], [3], [4], [1]])
        #expect(
            cuts(.parts(3), length: 5, messages: 7)
                == [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4], [1, 2]])
        #expect(cuts(.parts(4), length: 5, messages: 2) == [[1, 2, 3], [1, 2, 4]])
    }

    @Test("19,701 frames of 200 bytes are cut in three in as many ways", arguments: [0, 37, 9_000])
    func waysOfAFrame(start: Int) {
        let cuts = cuts(.parts(3), length: 200, messages: 19_701, from: start)
        #expect(Set(cuts).count == 19_701)
        #expect(cuts.allSatisfy { $0.count == 2 })
    }

    @Test("a message of fewer bytes than parts is cut into its bytes")
    func shortMessages() {
        #expect(cuts(.parts(8), length: 3, messages: 1) == [[1, 2]])
        #expect(cuts(.parts(3), length: 3, messages: 2) == [[1, 2], [1, 2]])
        #expect(cuts(.parts(2), length: 1, messages: 1) == [[]])
        #expect(cuts(.parts(2), length: 0, messages: 1) == [[]])
    }

    @Test("of a long message there are more ways than can be counted, and it is cut all the same")
    func longMessages() {
        let message = MessageToCut(bytes: [UInt8](repeating: 0x61, count: 1_000_000))
        for offset in [0, 1_000_000, .max - 1_000_000] {
            #expect(CutPlan.parts(8).cuts(of: [message], streamOffset: offset).count == 7)
        }
    }

    @Test("each message of a run is cut by where it begins")
    func runs() {
        let message = MessageToCut(bytes: [UInt8](repeating: 0x61, count: 4))
        #expect(CutPlan.parts(2).cuts(of: [message, message], streamOffset: 4) == [2, 7])
    }
}
