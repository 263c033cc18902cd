// SPDX-License-Identifier: Apache-2.0

import Specs

/// How a step that has begun goes on.
extension Interpreter {
    /// The outcome of the step, or `nil` while it waits.
    mutating func progress(_ execution: Execution, strand index: Int) -> StepOutcome? {
        let step = execution.step
        switch execution.stage {
        case .opening(let link): return opened(link, wanted: true)
        case .listening(let listener):
            return listeners[listener.index].port == nil ? nil : .held
        case .beingRefused(let link): return opened(link, wanted: false)
        case .writing(let link, let number):
            // What the kernel has, or what a server that has closed will never take, is sent.
            let isWritten = links[link.index].writer.completed >= number
            return isWritten || links[link.index].serverEnd == .reset ? .held : nil
        case .awaitingMessage(let link, let pattern, let othersStay):
            return othersStay
                ? awaitAmid(link, pattern, step) : awaitMessage(link, pattern, step)
        case .awaitingMessages(let expected): return awaitMessages(expected, step, strand: index)
        case .awaitingClose(let link, let kind): return awaitClose(link, kind, step)
        case .provingUnconnected(let listener, var check):
            return proveUnconnected(listener, &check, step, strand: index)
        case .awaitingArrivals(let listener):
            return listeners[listener.index].hasArrivals.map { $0 ? .departed : .held }
        case .leaving(let link, let until):
            guard links[link.index].writer.queue.isEmpty || now >= until else { return nil }
            act(step.action)
            return .held
        case .waiting(let link, let until):
            return wait(for: link, until: until, step, strand: index)
        case .proving(var check): return prove(&check, step, strand: index)
        case .choosing(let link, var check): return choose(link, &check, step, strand: index)
        case .observing(let link, var check): return observe(link, &check, step, strand: index)
        case .following(let link, let alternative, let patterns):
            return follow(link, alternative, patterns, step, strand: index)
        case .asking(let link, let attempt, let stage):
            return ask(link, attempt, stage, step, strand: index)
        case .filling(var filling): return fill(&filling, step, strand: index)
        case .joining(let children): return children == 0 ? .held : nil
        case .counting(let isDone), .searching(let isDone): return isDone ? .held : nil
        case .awaitingExit(let server): return endedServers.contains(server) ? .held : nil
        case .restarting(let isBack): return isBack.map { $0 ? .held : .departed }
        case .pausing(let until): return now >= until ? .held : nil
        }
    }

    private func opened(_ link: LinkID, wanted: Bool) -> StepOutcome? {
        switch links[link.index].phase {
        case .open: wanted ? .held : .departed
        case .refused: wanted ? .refused : .held
        case .idle, .connecting: nil
        }
    }

    /// The next message that is not merely allowed; `allow` is what may come in between.
    mutating func nextMessage(_ link: LinkID, accepting pattern: Pattern?) -> Int? {
        while let number = links[link.index].inbox.first {
            let candidate = transcript.messages[number].candidate
            if pattern?.accepts(candidate, bound: bound) != nil { return number }
            guard isAllowed(candidate) else { return number }
            links[link.index].inbox.removeFirst()
            record(.allowed(message: number))
        }
        return nil
    }

    func isAllowed(_ candidate: Candidate) -> Bool {
        plan.allow.contains { $0.accepts(candidate, bound: bound) != nil }
    }

    mutating func take(_ link: LinkID, for step: PlanStep) -> Candidate? {
        guard let number = links[link.index].inbox.popFirst() else { return nil }
        record(.took(step.id, message: number))
        return transcript.messages[number].candidate
    }

    private mutating func awaitMessage(
        _ link: LinkID, _ pattern: Pattern, _ step: PlanStep
    ) -> StepOutcome? {
        guard nextMessage(link, accepting: pattern) != nil, let candidate = take(link, for: step)
        else {
            return links[link.index].serverEnd == nil ? nil : .ended
        }
        guard let match = pattern.accepts(candidate, bound: bound) else {
            return .departed
        }
        bound = match.bound
        return .held
    }

    /// Takes the first message that fits, wherever it stands among those that came.
    private mutating func awaitAmid(
        _ link: LinkID, _ pattern: Pattern, _ step: PlanStep
    ) -> StepOutcome? {
        let inbox = links[link.index].inbox
        for place in inbox.indices {
            let candidate = transcript.messages[inbox[place]].candidate
            guard let match = pattern.accepts(candidate, bound: bound) else { continue }
            record(.took(step.id, message: inbox[place]))
            links[link.index].inbox.remove(at: place)
            bound = match.bound
            return .held
        }
        return links[link.index].serverEnd == nil ? nil : .ended
    }

    private mutating func awaitMessages(
        _ expected: [ExpectedMessage], _ step: PlanStep, strand index: Int
    ) -> StepOutcome? {
        guard expected.isEmpty || expected.contains(where: { hasNews($0.link) }) else { return nil }
        var open = expected
        for link in Set(expected.map(\.link)).sorted() where hasNews(link) {
            let patterns = expected.filter { $0.link == link }.map { Accepted(pattern: $0.pattern) }
            while open.contains(where: { $0.link == link }),
                nextMessage(link, accepting: .anyOf(patterns)) != nil
            {
                guard let candidate = take(link, for: step),
                    let place = ExpectedMessage.place(of: candidate, on: link, in: open, bound)
                else { return .departed }
                open.remove(at: place)
            }
            if open.contains(where: { $0.link == link }), links[link.index].serverEnd != nil {
                return .ended
            }
        }
        strands[index].current?.stage = .awaitingMessages(open)
        return open.isEmpty ? .held : nil
    }

    private func hasNews(_ link: LinkID) -> Bool {
        !links[link.index].inbox.isEmpty || links[link.index].serverEnd != nil
    }

    private mutating func awaitClose(
        _ link: LinkID, _ kind: CloseKind, _ step: PlanStep
    ) -> StepOutcome? {
        if nextMessage(link, accepting: nil) != nil {
            _ = take(link, for: step)
            return .departed
        }
        guard let end = links[link.index].serverEnd else { return nil }
        links[link.index].isEndExpected = true
        return kind.accepts(end) ? .held : .departed
    }
}

extension ExpectedMessage {
    /// The first of `open` that this message is.
    static func place(
        of candidate: Candidate, on link: LinkID, in open: [ExpectedMessage],
        _ bound: [String: [UInt8]]
    ) -> Int? {
        open.firstIndex { expected in
            expected.link == link && expected.pattern.accepts(candidate, bound: bound) != nil
        }
    }
}

extension CloseKind {
    func accepts(_ end: EndKind) -> Bool {
        switch self {
        case .either: true
        case .fin: end == .fin
        case .reset: end == .reset
        }
    }
}
