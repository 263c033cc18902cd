// SPDX-License-Identifier: Apache-2.0

/// How strands go on from step to step.
extension Interpreter {
    /// Lets every strand go on as far as it can.
    mutating func advance() {
        var hasMoved = true
        while hasMoved, !isFinished {
            hasMoved = false
            // A `together` adds strands while this runs.
            var index = 0
            while index < strands.count, !isFinished {
                if advance(strand: index) { hasMoved = true }
                index += 1
            }
            if strands.allSatisfy({ $0.isDone }) { finish() }
        }
    }

    private mutating func advance(strand index: Int) -> Bool {
        guard let current = strands[index].current else {
            guard let step = strands[index].popStep() else { return false }
            begin(step, strand: index)
            return true
        }
        guard let outcome = progress(current, strand: index) else {
            guard now >= current.deadline, !current.isJoining else { return false }
            complete(current.step, .silent, strand: index)
            return true
        }
        complete(current.step, outcome, strand: index)
        return true
    }

    private mutating func complete(_ step: PlanStep, _ outcome: StepOutcome, strand index: Int) {
        if step.patience != nil, let began = strands[index].current?.began {
            record(.waited(step.id, nanoseconds: now - began))
        }
        record(.finished(step.id, outcome))
        strands[index].current = nil
        if outcome != .held {
            noteCutsInVain()
            return finish()
        }
        if strands[index].isDone, let parent = strands[index].parent { childIsDone(parent) }
    }

    private mutating func childIsDone(_ parent: Int) {
        guard case .joining(let children)? = strands[parent].current?.stage else { return }
        strands[parent].current?.stage = .joining(children: children - 1)
    }

    private mutating func begin(_ step: PlanStep, strand index: Int) {
        let step = step.on(successors)
        record(.began(step.id))
        let before = heldBack
        let stage = waiting(of: step) ?? firstStage(of: step, strand: index)
        let began = now + heldBack - before
        strands[index].current = Execution(
            step: step, stage: stage, began: began, wait: timing.wait(of: step))
    }
}

extension Execution {
    /// Lets the time of the step's wait begin anew where its stage is concerned, up to a bound.
    mutating func renewDeadline(at now: Int64, where isConcerned: (Stage) -> Bool) {
        guard isConcerned(stage) else { return }
        deadline = max(deadline, min(now + wait, began + wait * Timing.mostRenewals))
    }

    /// Whether it has no deadline of its own.
    ///
    /// The steps of a `together` have theirs; who starts a server knows how long it may take.
    var isJoining: Bool {
        switch stage {
        case .joining, .restarting: true
        default: false
        }
    }
}
