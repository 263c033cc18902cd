// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// The cut plans that a case is tried under, the most telling first.
///
/// Rules:
/// - Few cuts come before many: a cut behind the first byte tells as much as one behind each, and
///   costs a hundredth.
/// - A plan that can make no difference to a case is left out: one that joins where nothing can be
///   joined, one that looks for characters or escapes where there are none.
/// - No two are the same cut: in frames of 200 bytes, `at:-1` is `at:199`.
/// - The telling plans are laid over all that a case sends, the others over what its own steps send:
///   each message of a preamble is the subject of a scenario of its own, and cutting it thousandfold
///   tells nothing new.
/// - Offsets come in the order of halving (the middle, the quarters, ...), so that whoever stops
///   early has looked everywhere.
/// - Of messages longer than `longestWhole`, both ends are tried whole and the middle in steps.
/// - A message and the beginning of the next one are tried at telling offsets: a server that keeps
///   the rest of a read wrongly does so wherever the read ends, or at an edge.
package struct SplitPlans: Equatable, Sendable {
    /// With how many beginnings of the next one a message is tried.
    package enum Straddles: String, CaseIterable, Sendable {
        /// One byte, all but one, half, the edges of contents, and some offsets everywhere.
        case telling
        /// Each.
        case all
    }

    package let plans: [CutPlan]
    /// Offsets that were passed over, as the messages are too long.
    package let passedOver: Int
    /// Beginnings of the next message that were left out, as only telling ones were wanted.
    package let straddlesLeftOut: Int

    /// Longest messages of which every offset is tried.
    package static let longestWhole = 2048
    /// Of longer ones: so many offsets at each end, and so many between.
    private static let atEnds = 256
    private static let between = 512
    /// Offsets everywhere, of the telling straddles.
    private static let tellingOffsets = 15
    /// Contents of different lengths at whose ends messages are straddled.
    private static let tellingContents = 4
    /// How much of a case a plan is laid over, where not all plans are laid over everything.
    package static func reach(of plan: CutPlan) -> SplitReach {
        switch plan {
        case .at(let offsets): offsets == [1] ? .everything : .steps
        case .straddle(let depth?): depth == 1 ? .everything : .steps
        case .every, .parts, .random: .steps
        case .straddle(nil), .whole, .bytes, .coalesce, .utf8, .escape, .tokens, .delimiter:
            .everything
        }
    }

    /// Makes the plans of a case.
    ///
    /// `reach` is what those with an offset in mid-message are laid over. Where time is limited,
    /// cases that send much are cut byte by byte after all else.
    package init(
        for shape: SplitShape, seed: UInt64, straddles: Straddles = .telling,
        reach: SplitReach = .steps, isTimeLimited: Bool = true
    ) {
        let longest = reach == .steps ? shape.longestInSteps : shape.longest
        let isJoinable = (reach == .steps ? shape.joinableInSteps : shape.joinable) > 1
        let offsets = Self.offsets(inside: longest)
        passedOver = max(0, longest - 1) - offsets.count
        var plans = OrderedPlans()
        Self.addTelling(shape, &plans)
        if shape.longest > 1, !(shape.isMuch && isTimeLimited) { plans.add(.bytes) }
        if shape.longest > 2, !shape.isMuch {
            plans.add(.every(2))
            plans.add(.random(seed: seed, sizes: 1...8))
            plans.add(.parts(3))
        }
        if shape.joinable > 2 { for count in 3...shape.joinable { plans.add(.coalesce(count)) } }
        var depths = Set(isJoinable ? offsets : [])
        if straddles == .telling { depths.formIntersection(Self.tellingDepths(shape, offsets)) }
        for offset in offsets {
            plans.add(.at([offset]))
            if depths.contains(offset) { plans.add(.straddle(offset)) }
        }
        if shape.isMuch, isTimeLimited { plans.add(.bytes) }
        self.plans = plans.list
        straddlesLeftOut = isJoinable ? max(0, offsets.count - plans.straddles) : 0
    }

    private static func tellingDepths(_ shape: SplitShape, _ offsets: [Int]) -> Set<Int> {
        Set(offsets.prefix(tellingOffsets))
            .union(shape.contentLengths.sorted().prefix(tellingContents))
    }

    private static func addTelling(_ shape: SplitShape, _ plans: inout OrderedPlans) {
        let isCut = shape.longest > 1
        let isJoined = shape.joinable > 1
        let last = shape.isFixed ? shape.longest - 1 : -1
        if isJoined { plans.add(.coalesce(2)) }
        if isJoined, isCut { plans.add(.straddle(nil)) }
        if isCut { plans.add(.delimiter) }
        if isCut { plans.add(.at([1])) }
        if isCut { plans.add(.at([last])) }
        if shape.isJSON { plans.add(.tokens) }
        if shape.hasLongCharacters { plans.add(.utf8) }
        if shape.hasEscapes { plans.add(.escape) }
        if isJoined, isCut { plans.add(.straddle(1)) }
        if isJoined, isCut { plans.add(.straddle(last)) }
    }

    /// Offsets within a message of that length, in the order of halving.
    static func offsets(inside length: Int) -> [Int] {
        guard length > 1 else { return [] }
        guard length > longestWhole else { return halved(1..<length) }
        let ends = Array(1...atEnds) + Array((length - atEnds)..<length)
        let step = max(1, (length - 2 * atEnds) / between)
        let middle = stride(from: atEnds + 1, to: length - atEnds, by: step)
        return ends + middle
    }

    /// The middle, then the middles of both halves, and so on.
    package static func halved(_ range: Range<Int>) -> [Int] {
        var order: [Int] = []
        var pending: ArraySlice<Range<Int>> = [range]
        while let next = pending.popFirst() {
            guard !next.isEmpty else { continue }
            let middle = next.lowerBound + next.count / 2
            order.append(middle)
            pending.append(next.lowerBound..<middle)
            pending.append(middle + 1..<next.upperBound)
        }
        return order
    }
}

/// Plans in their order, each once.
private struct OrderedPlans {
    var list: [CutPlan] = []
    private var seen: Set<CutPlan> = []

    /// Offsets of its straddles.
    var straddles: Int {
        Set(
            list.compactMap { plan in
                if case .straddle(let depth?) = plan { depth } else { nil }
            }
        ).count
    }

    mutating func add(_ plan: CutPlan) {
        if seen.insert(plan).inserted { list.append(plan) }
    }
}
