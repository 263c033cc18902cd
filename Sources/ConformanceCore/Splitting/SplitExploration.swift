// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// What is tried next: each plan of each case once, the most telling plans of all cases first.
///
///     waiting ──next──▶ handed out ──▶ tried     a case that is suspected is held back until it
///        └────────────────┴──────────▶ left out  is cleared; one that is broken is done with
///
/// Cases may join at any time; whoever comes late is tried before the others go on.
package struct SplitExploration: Equatable, Sendable {
    package struct Trial: Hashable, Sendable {
        /// The case, by its place.
        package var place: Int
        package var plan: CutPlan
    }

    package struct Count: Equatable, Sendable {
        package var planned = 0
        package var tried = 0

        package init(planned: Int = 0, tried: Int = 0) {
            self.planned = planned
            self.tried = tried
        }
    }

    fileprivate struct Entry: Equatable, Sendable {
        var plans: [CutPlan] = []
        var next = 0
        var isHeld = false
        var isDone = false
    }

    private var entries: [Entry]
    /// How many plans of each case have had their turn.
    private var round = 0
    private var place = 0
    package private(set) var counts: [SplitFamily: Count] = [:]

    /// So many cases, of which none is tried before its plans are given.
    package init(cases: Int) { entries = Array(repeating: Entry(), count: cases) }

    /// The plans of each case, in their order; a case with none is not tried.
    package init(_ plans: [[CutPlan]]) {
        self.init(cases: plans.count)
        for (place, plans) in plans.enumerated() { add(plans, at: place) }
    }

    /// The plans of the case at a place, in their order.
    package mutating func add(_ plans: [CutPlan], at place: Int) {
        entries[place] = Entry(plans: plans)
        note(planned: plans)
    }

    /// Counts what is planned and will not be tried.
    package mutating func note(planned plans: [CutPlan]) {
        for plan in plans { counts[SplitFamily(of: plan), default: Count()].planned += 1 }
    }

    /// Counts a trial that was handed out and has been run.
    package mutating func note(tried plan: CutPlan) {
        counts[SplitFamily(of: plan), default: Count()].tried += 1
    }

    package var planned: Int { counts.values.reduce(0) { $0 + $1.planned } }
    package var tried: Int { counts.values.reduce(0) { $0 + $1.tried } }

    /// The next trial; `nil` where all that is not held back has been handed out.
    package mutating func next() -> Trial? {
        while true {
            if place >= entries.count {
                guard let least = leastWaiting else { return nil }
                (round, place) = (least, 0)
            }
            while place < entries.count {
                defer { place += 1 }
                let entry = entries[place]
                guard entry.isWaiting, entry.next <= round else { continue }
                entries[place].next += 1
                return Trial(place: place, plan: entry.plans[entry.next])
            }
        }
    }

    /// Hands a plan out once more, the next time that the case has its turn.
    package mutating func retry(_ plan: CutPlan, at place: Int) {
        entries[place].plans.insert(plan, at: entries[place].next)
    }

    /// Whether something waits to be tried.
    package var hasMore: Bool { entries.contains(where: \.isWaiting) }

    /// The smallest number of plans that a case which waits has had.
    private var leastWaiting: Int? { entries.lazy.filter(\.isWaiting).map(\.next).min() }

    /// Nothing more of this case is tried until it is cleared.
    package mutating func hold(_ place: Int) { entries[place].isHeld = true }

    /// What was suspected did not come again.
    package mutating func clear(_ place: Int) { entries[place].isHeld = false }

    /// The case is broken: the rest of its plans would say the same.
    package mutating func finish(_ place: Int) { entries[place].isDone = true }
}

extension SplitExploration.Entry {
    fileprivate var isWaiting: Bool { !isHeld && !isDone && next < plans.count }
}
