// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// Finds the smallest cut that still breaks a case, by asking for trials.
///
///     forms ──▶ joins ──▶ offsets ──▶ over
///
/// Rules:
/// - forms: the plan is laid over one message form at a time. The first that breaks is kept; where
///   none does, it takes several.
/// - joins: of a plan that joins messages, whether the cut alone breaks it, or the join alone.
/// - offsets: of several cuts in a message, halves and single ones, until nothing can be left out.
/// - What breaks is remembered as the smallest so far; there is none until a trial has broken the
///   case, or the run that was given has.
package struct CutShrinker: Equatable, Sendable {
    private enum Stage: Equatable {
        case forms
        case joins
        case offsets
        case over
    }

    /// The smallest cut that is known to break the case.
    package private(set) var smallest: SplitCut?
    package private(set) var trials = 0
    /// So many trials and no more: a server that breaks at random would be asked for ever.
    package static let mostTrials = 48

    private let plan: CutPlan
    private var stage = Stage.forms
    private var pending: ArraySlice<SplitCut>
    private var places: [CutPlace]
    /// Offsets of which all together break it.
    private var offsets: [Int] = []
    /// How finely the offsets are divided, where halves did not break it.
    private var parts = 2

    /// - Parameters:
    ///   - plan: what has broken the case.
    ///   - broke: whether it has failed; `false`: it did not get as far as what it is about.
    ///   - forms: those that may be to blame, the likeliest first.
    ///   - places: where messages were cut under the plan.
    package init(_ plan: CutPlan, broke: Bool, forms: [String], places: [CutPlace]) {
        self.plan = plan
        self.places = places
        pending = forms.map { SplitCut(plan: plan, form: $0) }[...]
        if broke { smallest = SplitCut(plan: plan) }
    }

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
        pending = []
        switch stage {
        case .forms: self.places = places
        case .joins: stage = .over
        case .offsets:
            offsets = Self.offsets(of: cut.plan)
            parts = 2
        case .over: break
        }
    }

    /// Goes on to the next stage, or to finer parts; whether there is more to try.
    private mutating func advance() -> Bool {
        guard let smallest else { return false }
        switch stage {
        case .forms:
            stage = .joins
            pending = joins(smallest.form)
        case .joins:
            stage = .offsets
            offsets = Set(
                places.filter { smallest.form == nil || $0.form == smallest.form }
                    .map(\.offset)
            ).sorted()
            pending = firstOffsets(smallest)
        case .offsets:
            guard offsets.count > 1, Self.offsets(of: smallest.plan) == offsets,
                parts <= offsets.count
            else { return end() }
            pending = divided(smallest.form)
            parts *= 2
        case .over: return end()
        }
        return true
    }

    private mutating func end() -> Bool {
        stage = .over
        return false
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
        return plans.filter { $0 != plan }.map { SplitCut(plan: $0, form: form) }[...]
    }

    /// One cut alone, first and last; then all of them, by their offsets.
    private func firstOffsets(_ smallest: SplitCut) -> ArraySlice<SplitCut> {
        guard plan.joinedMessages == 1, let first = offsets.first, let last = offsets.last else {
            return []
        }
        var plans: [CutPlan] = [.at([first])]
        if last != first { plans += [.at([last]), .at(offsets)] }
        return plans.filter { $0 != smallest.plan }
            .map { SplitCut(plan: $0, form: smallest.form) }[...]
    }

    private func divided(_ form: String?) -> ArraySlice<SplitCut> {
        let size = max(1, offsets.count / parts)
        let starts = stride(from: 0, to: offsets.count, by: size)
        return starts.map { start in
            let part = Array(offsets[start..<min(start + size, offsets.count)])
            return SplitCut(plan: .at(part), form: form)
        }[...]
    }

    private static func offsets(of plan: CutPlan) -> [Int] {
        if case .at(let offsets) = plan { offsets } else { [] }
    }
}
