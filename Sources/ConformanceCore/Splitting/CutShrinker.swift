// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Finds the smallest cut that still breaks a case, by asking for trials.
///
///     pure ──▶ forms ──▶ joins ──▶ offsets ──▶ over
///       └──────────────────────────▲
///
/// Rules:
/// - pure: of a plan that joins messages, whether a cut without any join breaks the case, too. It
///   says more: it has a form and an offset.
/// - forms: the plan is laid over one message form at a time; then, where the runner's own questions
///   were cut as well, over these alone. The first that breaks is kept; where none does, it takes
///   several.
/// - joins: of a plan that joins messages, whether the cut alone breaks it, or the join alone.
/// - offsets: of several cuts in a message, single ones, then parts and what is left without a part
///   (delta debugging), until nothing can be left out.
/// - What breaks is remembered as the smallest so far; there is none until a trial has broken the
///   case, or the run that was given has.
package struct CutShrinker: Equatable, Sendable {
    private enum Stage: Equatable {
        case pure
        case forms
        case joins
        case offsets
        case over
    }

    /// The smallest cut that is known to break the case.
    package private(set) var smallest: SplitCut?
    package private(set) var trials = 0
    /// So many trials and no more: a server that breaks at random would be asked for ever.
    package static let mostTrials = 96

    /// What is made smaller.
    private var plan: CutPlan
    private var reach: SplitReach
    private let forms: [String]
    private var stage: Stage
    private var pending: ArraySlice<SplitCut>
    private var places: [CutPlace]
    /// Offsets of which all together break it.
    private var offsets: [Int] = []
    /// Into how many parts the offsets are divided.
    private var parts = 2

    /// - Parameters:
    ///   - cut: what has broken the case.
    ///   - broke: whether it has failed; `false`: it did not get as far as what it is about.
    ///   - forms: those that may be to blame, the likeliest first.
    ///   - places: where messages were cut under the plan.
    package init(_ cut: SplitCut, broke: Bool, forms: [String], places: [CutPlace]) {
        plan = cut.plan
        reach = cut.reach
        self.forms = forms
        self.places = places
        if plan.joinedMessages > 1 {
            stage = .pure
            pending = Self.pureCuts(forms, cut.reach)
        } else {
            stage = .forms
            pending = Self.laid(cut.plan, overEachOf: forms, cut.reach)
        }
        if broke { smallest = cut }
    }

    /// Whether there was more to try when the asking ended.
    package private(set) var isUnfinished = false

    /// The asking ends here, whatever is left.
    package mutating func noteEnd() { isUnfinished = next() != nil }

    /// What to try next, to be answered by `note`; `nil` at the end.
    package mutating func next() -> SplitCut? {
        while trials < Self.mostTrials {
            if let cut = pending.first { return cut }
            guard advance() else { return nil }
        }
        return nil
    }

    /// How the trial went that was asked for last; `places` are the cuts that were made in it.
    package mutating func note(broke: Bool, places: [CutPlace]) {
        guard let cut = pending.popFirst() else { return }
        trials += 1
        guard broke else { return }
        smallest = cut
        reach = cut.reach
        pending = []
        switch stage {
        case .pure:
            (plan, self.places) = (cut.plan, places)
            if cut.form == nil { layOverForms() } else { beginOffsets() }
        case .forms: self.places = places
        case .joins: stage = .over
        case .offsets: keep(Self.offsets(of: cut.plan))
        case .over: break
        }
    }

    /// Goes on to the next stage, or to finer parts; whether there is more to try.
    private mutating func advance() -> Bool {
        switch stage {
        case .pure: layOverForms()
        case .forms:
            guard let smallest else { return false }
            stage = .joins
            pending = joins(smallest.form)
        case .joins: beginOffsets()
        case .offsets: return divide()
        case .over: return false
        }
        return true
    }

    private mutating func layOverForms() {
        stage = .forms
        pending = Self.laid(plan, overEachOf: forms, reach)
    }

    /// One form alone is cut in what steps send, then in the runner's own questions.
    private static func laid(
        _ plan: CutPlan, overEachOf forms: [String], _ reach: SplitReach
    ) -> ArraySlice<SplitCut> {
        reach.partsWithOneForm.flatMap { part in
            forms.map { SplitCut(plan: plan, form: $0, reach: part) }
        }[...]
    }

    private func laid(_ plan: CutPlan, over form: String?) -> SplitCut {
        SplitCut(plan: plan, form: form, reach: reach)
    }

    // MARK: Joins

    /// Cuts that join nothing, the simplest first, those in one form before those in all.
    private static func pureCuts(
        _ forms: [String], _ reach: SplitReach
    ) -> ArraySlice<SplitCut> {
        let plans: [CutPlan] = [.at([1]), .delimiter, .bytes]
        let single = reach.partsWithOneForm.flatMap { part in
            forms.flatMap { form in plans.map { SplitCut(plan: $0, form: form, reach: part) } }
        }
        return (single + plans.map { SplitCut(plan: $0, reach: reach) })[...]
    }

    /// Simpler plans than one that joins messages.
    private func joins(_ form: String?) -> ArraySlice<SplitCut> {
        let plans: [CutPlan] =
            switch plan {
            case .straddle(let depth?): [.at([depth]), .coalesce(2), .straddle(1)]
            case .straddle(nil): [.coalesce(2), .straddle(1)]
            case .coalesce(let count): count > 2 ? (2..<count).map { .coalesce($0) } : []
            case .whole, .bytes, .every, .at, .parts, .random, .utf8, .escape, .tokens, .delimiter:
                []
            }
        return plans.filter { $0 != plan }.map { laid($0, over: form) }[...]
    }

    // MARK: Offsets

    private mutating func beginOffsets() {
        stage = .offsets
        guard let smallest else { return }
        let ofForm = places.filter { smallest.form == nil || $0.form == smallest.form }
        offsets = Set(ofForm.map(\.offset)).sorted()
        pending = firstOffsets(smallest)
    }

    /// One cut alone: the first, that before the last byte, the last; then all, by their offsets.
    private func firstOffsets(_ smallest: SplitCut) -> ArraySlice<SplitCut> {
        guard plan.joinedMessages == 1, let first = offsets.first, let last = offsets.last else {
            return []
        }
        var plans: [CutPlan] = [.at([first])]
        if last != first { plans += [.at([-1]), .at([last]), .at(offsets)] }
        return plans.filter { $0 != smallest.plan }
            .map { laid($0, over: smallest.form) }[...]
    }

    /// Goes on with fewer offsets, which break it, too.
    ///
    /// What is left of many parts is parted as finely as before.
    private mutating func keep(_ fewer: [Int]) {
        let isRest = !offsets.isEmpty && fewer.count > offsets.count / 2 && fewer != offsets
        parts = isRest ? max(2, parts - 1) : 2
        offsets = fewer
        if offsets.count > 1 { pending = divided() }
    }

    /// Divides the offsets more finely than before; whether that is possible.
    private mutating func divide() -> Bool {
        guard let smallest, offsets.count > 1, Self.offsets(of: smallest.plan) == offsets,
            parts < offsets.count
        else {
            stage = .over
            return false
        }
        parts = min(2 * parts, offsets.count)
        pending = divided()
        return true
    }

    /// Each part by itself, then all without it; of two, each is what is left of the other.
    private func divided() -> ArraySlice<SplitCut> {
        let bounds = (0...parts).map { $0 * offsets.count / parts }
        let ranges = zip(bounds, bounds.dropFirst()).map { $0..<$1 }
        var sets = ranges.map { Array(offsets[$0]) }
        if parts > 2 {
            sets += ranges.map { Array(offsets[..<$0.lowerBound] + offsets[$0.upperBound...]) }
        }
        return sets.map { laid(.at($0), over: smallest?.form) }[...]
    }

    private static func offsets(of plan: CutPlan) -> [Int] {
        if case .at(let offsets) = plan { offsets } else { [] }
    }
}
