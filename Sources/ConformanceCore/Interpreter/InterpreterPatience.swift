// SPDX-License-Identifier: Apache-2.0

/// Steps that leave the server its own time before anything is proven.
extension Interpreter {
    /// What proves an absence begins when the server's own time is over, or something has come.
    ///
    /// An answer that need not come has all its time, too: not every server answers in order.
    func waiting(of step: PlanStep) -> Stage? {
        guard step.patience != nil || step.silence != nil else { return nil }
        // Who is known to say nothing here is asked at once.
        if knowledge.silences.contains(step.position) { return nil }
        switch step.action {
        case .expectNothing(let link, _): return .waiting(link, until: now + timing.longest(step))
        case .choose(let link, let alternatives, let observes)
        where observes || alternatives.contains(where: { $0.outcome == .nothing }):
            return .waiting(link, until: now + timing.longest(step))
        default: return nil
        }
    }

    /// Goes on where something has come or the time is over.
    mutating func wait(
        for link: LinkID, until: Int64, _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        let state = links[link.index]
        // What the step waits for is not merely allowed, though `allow` may fit it, too.
        let hasNews = nextMessage(link, accepting: Self.wanted(by: step)) != nil
        guard hasNews || state.serverEnd != nil || now >= until else { return nil }
        let stage = firstStage(of: step, strand: index)
        strands[index].current?.stage = stage
        return strands[index].current.flatMap { progress($0, strand: index) }
    }

    private static func wanted(by step: PlanStep) -> Pattern? {
        guard case .choose(_, let alternatives, _) = step.action else { return nil }
        return .wanted(by: alternatives)
    }
}
