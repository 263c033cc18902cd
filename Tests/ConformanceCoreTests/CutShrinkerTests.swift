// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import ConformanceCore

@Suite("Shrinking a cut")
struct CutShrinkerTests {
    /// Asks a made-up server until the shrinker has had enough; `lengths` are those of the forms.
    private func shrink(
        _ plan: CutPlan, hasFailed: Bool = true, reach: SplitReach = .everything,
        lengths: [String: Int],
        breaks: (SplitCut, [CutPlace]) -> Bool
    ) -> CutShrinker {
        func places(_ cut: SplitCut) -> [CutPlace] {
            lengths.sorted { $0.key < $1.key }
                .filter { cut.form == nil || cut.form == $0.key }
                .flatMap { form, length in
                    let message = MessageToCut(bytes: [UInt8](repeating: 0x61, count: length))
                    return cut.plan.cuts(of: [message]).map { CutPlace(form: form, offset: $0) }
                }
        }
        var shrinker = CutShrinker(
            SplitCut(plan: plan, reach: reach), broke: hasFailed, forms: lengths.keys.sorted(),
            places: places(SplitCut(plan: plan, reach: reach)))
        while let cut = shrinker.next() {
            shrinker.note(broke: breaks(cut, places(cut)), places: places(cut))
        }
        return shrinker
    }

    private static let lengths = ["join": 30, "name": 20, "text": 40]

    @Test("what broke with a whole preamble is made smaller with a whole preamble")
    func reachIsKept() {
        for plan: CutPlan in [.bytes, .straddle(7), .at([3, 9])] {
            let shrinker = shrink(plan, reach: .steps, lengths: Self.lengths) { cut, places in
                #expect(cut.reach == .steps)
                return places.contains { $0.form == "text" }
            }
            #expect(shrinker.smallest?.reach == .steps)
        }
    }

    @Test("what breaks only where the runner's own questions are cut is told with form and offset")
    func questions() {
        for plan: CutPlan in [.bytes, .at([1]), .straddle(7)] {
            let shrinker = shrink(plan, lengths: Self.lengths) { cut, places in
                cut.reach.includesQuestions(ofOneForm: cut.form != nil)
                    && places.contains(CutPlace(form: "name", offset: 1))
            }
            #expect(
                shrinker.smallest == SplitCut(plan: .at([1]), form: "name", reach: .questions),
                "\(plan)")
        }
    }

    @Test("whoever stops asking in the middle has no smallest cut, and at the end has one")
    func unfinished() {
        var shrinker = CutShrinker(
            SplitCut(plan: .at([3, 9])), broke: true, forms: ["text"],
            places: [CutPlace(form: "text", offset: 3), CutPlace(form: "text", offset: 9)])
        #expect(!shrinker.isUnfinished)
        shrinker.noteEnd()
        #expect(shrinker.isUnfinished)
        var done = shrink(.at([3, 9]), lengths: Self.lengths) { _, _ in false }
        done.noteEnd()
        #expect(!done.isUnfinished)
    }

    @Test("questions that were left whole are not cut to make a cut smaller")
    func noQuestions() {
        _ = shrink(.bytes, reach: .steps, lengths: Self.lengths) { cut, _ in
            #expect(cut.reach == .steps)
            return false
        }
    }

    @Test("a server that takes one recv for one message: one cut, in one form, behind one byte")
    func everyCut() {
        let shrinker = shrink(.bytes, lengths: Self.lengths) { _, places in
            places.contains { $0.form == "text" }
        }
        #expect(shrinker.smallest == SplitCut(plan: .at([1]), form: "text"))
        #expect(shrinker.trials < 6)
    }

    @Test("one offset among many is found by halves", arguments: [2, 17, 23, 38])
    func oneOffset(offset: Int) {
        let shrinker = shrink(.bytes, lengths: Self.lengths) { _, places in
            places.contains(CutPlace(form: "text", offset: offset))
        }
        #expect(shrinker.smallest == SplitCut(plan: .at([offset]), form: "text"))
    }

    @Test("two offsets that are both needed stay")
    func twoOffsets() {
        let shrinker = shrink(.bytes, lengths: ["text": 12]) { _, places in
            [4, 5].allSatisfy { offset in places.contains { $0.offset == offset } }
        }
        guard case .at(let offsets)? = shrinker.smallest?.plan else {
            Issue.record("\(String(describing: shrinker.smallest))")
            return
        }
        #expect(Set(offsets) == [4, 5])
    }

    @Test(
        "two cuts that must be close to each other are found among all, and nothing else stays",
        arguments: [(137, 138), (50, 60), (1, 199)])
    func twoOfMany(first: Int, second: Int) {
        let shrinker = shrink(.bytes, lengths: ["text": 200]) { _, places in
            [first, second].allSatisfy { offset in places.contains { $0.offset == offset } }
        }
        #expect(shrinker.smallest == SplitCut(plan: .at([first, second]), form: "text"))
    }

    @Test("what matters is a piece of a few bytes, wherever it begins: two cuts are enough")
    func middlePiece() {
        let shrinker = shrink(.bytes, lengths: ["text": 200]) { _, places in
            let offsets = places.map(\.offset).sorted() + [200]
            return zip(offsets, offsets.dropFirst()).contains { from, to in
                (137..<170).contains(from) && to - from < 30 && to < 200
            }
        }
        guard case .at(let offsets)? = shrinker.smallest?.plan else {
            Issue.record("\(String(describing: shrinker.smallest))")
            return
        }
        #expect(offsets.count == 2)
    }

    @Test("the last byte alone is one cut, counted from the end where lengths differ")
    func lastByte() {
        let shrinker = shrink(.delimiter, lengths: ["list": 5, "text": 40]) { _, places in
            places.contains(CutPlace(form: "text", offset: 39))
                && places.allSatisfy { $0.form == "text" }
        }
        #expect(shrinker.smallest == SplitCut(plan: .at([-1]), form: "text"))
    }

    @Test("a cut that only breaks when all forms are cut keeps them")
    func allForms() {
        let shrinker = shrink(.at([3]), lengths: Self.lengths) { _, places in
            Set(places.map(\.form)).count == 3
        }
        #expect(shrinker.smallest == SplitCut(plan: .at([3])))
    }

    @Test("an inconclusive run is narrowed to a form that gets further, or to nothing")
    func inconclusive() {
        let found = shrink(.at([3]), hasFailed: false, lengths: Self.lengths) { cut, _ in
            cut.form == "text"
        }
        #expect(found.smallest == SplitCut(plan: .at([3]), form: "text"))
        let nothing = shrink(.bytes, hasFailed: false, lengths: Self.lengths) { _, _ in false }
        #expect(nothing.smallest == nil)
    }

    @Test("of a straddled message: the cut alone, or the join alone, or both")
    func straddles() {
        func smallest(_ breaks: @escaping (CutPlan) -> Bool) -> CutPlan? {
            shrink(.straddle(7), lengths: ["text": 40]) { cut, _ in breaks(cut.plan) }
                .smallest?.plan
        }
        #expect(smallest { $0 == .at([7]) || $0 == .straddle(7) } == .at([7]))
        #expect(smallest { $0.joinedMessages > 1 } == .coalesce(2))
        #expect(smallest { $0 == .straddle(7) } == .straddle(7))
    }

    @Test("where joined messages break it, a cut that breaks it, too, says more")
    func pure() {
        let shrinker = shrink(.coalesce(2), lengths: Self.lengths) { cut, places in
            cut.plan.joinedMessages > 1 || places.contains { $0.form == "text" }
        }
        #expect(shrinker.smallest == SplitCut(plan: .at([1]), form: "text"))
        let late = shrink(.straddle(nil), lengths: Self.lengths) { cut, places in
            cut.plan.joinedMessages > 1 || places.contains(CutPlace(form: "name", offset: 11))
        }
        #expect(late.smallest == SplitCut(plan: .at([11]), form: "name"))
    }

    @Test("of many joined messages the fewest that break it")
    func coalesced() {
        let shrinker = shrink(.coalesce(6), lengths: ["text": 40]) { cut, _ in
            if case .coalesce(let count) = cut.plan { count >= 4 } else { false }
        }
        #expect(shrinker.smallest?.plan == .coalesce(4))
    }

    @Test("a server that breaks at random is not asked for ever")
    func bounded() {
        var random = SeededGenerator(seed: 1)
        let shrinker = shrink(.bytes, lengths: ["text": 2000]) { _, _ in
            random.next(below: 4) == 0
        }
        #expect(shrinker.trials <= CutShrinker.mostTrials)
    }

    @Test("a plan that never breaks again is left as it was")
    func never() {
        let shrinker = shrink(.bytes, lengths: Self.lengths) { _, _ in false }
        #expect(shrinker.smallest == SplitCut(plan: .bytes))
    }
}
