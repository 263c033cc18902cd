// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What cuts one direction of one connection.
enum RouteQueue {
    /// `nil` where bytes go through as they come.
    ///
    /// Without a framing `bytes`, `every` and `random` cut the stream as one long message, so that
    /// they do not depend on how it is read; any other plan takes each block for a message.
    static func queue(
        _ route: ProxyRoute, _ connection: Int, _ options: ProxyOptions, _ replayed: ReplayedRoute?,
        isReplay: Bool
    ) -> SegmentQueue? {
        if isReplay {
            guard let replayed, !replayed.ends.isEmpty else { return nil }
            return SegmentQueue(endless: EarlyCuts(at: replayed.ends))
        }
        let plan = options[route].plan.plan(
            seed: options.seed, connection: connection, route)
        if plan == .whole { return nil }
        if options.framing == nil, let endless = endless(plan) {
            return SegmentQueue(endless: endless)
        }
        return SegmentQueue(plan: plan, framing: options.framing, isTimely: true)
    }

    /// Whether cuts depend on how the bytes come, since nothing says where messages end.
    static func dependsOnBlocks(_ plan: RoutePlan, _ options: ProxyOptions) -> Bool {
        guard case .plan(let plan) = plan, options.framing == nil else { return false }
        return plan != .whole && endless(plan) == nil
    }

    /// The cuts of a stream without messages; its segments are at most as long as the longest
    /// message, as they are held until they are whole.
    private static func endless(_ plan: CutPlan) -> EarlyCuts? {
        let longest = MessageSplitter.longestMessage
        switch plan {
        case .bytes: return EarlyCuts(of: plan)
        case .every(let size): return EarlyCuts(of: .every(min(size, longest)))
        case .random(let seed, let sizes):
            return EarlyCuts(of: .random(seed: seed, sizes: sizes.clamped(to: 1...longest)))
        case .whole, .at, .straddle, .coalesce, .parts, .utf8, .escape, .tokens, .delimiter:
            return nil
        }
    }
}
