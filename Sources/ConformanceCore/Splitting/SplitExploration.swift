// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// What is tried next: each plan of each case once, the most telling plans of all cases first.
///
///     waiting ──next──▶ tried      a case that is suspected is held back until it is cleared;
///        └────────────▶ left out   one that is broken is done with
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
        var plans: [CutPlan]
        var next = 0
        var isHeld = false
        var isDone = false
    }

    private var entries: [Entry]
    /// How many plans of each case have had their turn.
    private var round = 0
    private var place = 0
    package private(set) var counts: [SplitFamily: Count] = [:]

    /// The plans of each case, in their order; a case with none is not tried.
    package init(_ plans: [[CutPlan]]) {
        entries = plans.map { Entry(plans: $0) }
        for plan in plans.joined() { counts[SplitFamily(of: plan), default: Count()].planned += 1 }
    }

    package var planned: Int { counts.values.reduce(0) { $0 + $1.planned } }
    package var tried: Int { counts.values.reduce(0) { $0 + $1.tried } }

    /// The next trial; `nil` where all that is not held back has been tried.
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
                let plan = entry.plans[entry.next]
                counts[SplitFamily(of: plan), default: Count()].tried += 1
                return Trial(place: place, plan: plan)
            }
        }
    }

    /// Whether something waits to be tried.
    package var hasMore: Bool { entries.contains(where: \.isWaiting) }

    /// The smallest number of plans that a case which waits has had.
    private var leastWaiting: Int? { entries.filter(\.isWaiting).map(\.next).min() }

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
