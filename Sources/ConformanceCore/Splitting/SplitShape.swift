// SPDX-License-Identifier: Apache-2.0

package import Bytes
import Specs

/// What there is to cut in a case: which cut plans can make a difference to it.
package struct SplitShape: Equatable, Sendable {
    /// Bytes of the longest message that the case sends.
    package var longest = 0
    /// Bytes of the longest one that its own steps send, behind its preamble.
    package var longestInSteps = 0
    /// Bytes that it sends in all, so far as they are known before the run.
    package var total = 0
    /// How many consecutive messages a plan may join.
    package var joinable = 1
    package var joinableInSteps = 1
    /// Bytes of the contents of its messages, so far as they are known before the run.
    package var contentLengths: Set<Int> = []
    /// All messages have the same length.
    package var isFixed = false
    /// Messages are JSON.
    package var isJSON = false
    package var hasLongCharacters = false
    package var hasEscapes = false
    /// Its own steps say how they are cut: other cuts would take its subject away.
    package var hasOwnCuts = false

    package init() {}

    /// Whether cutting it byte by byte takes seconds.
    package var isMuch: Bool { total > 20_000 }

    /// The shape of a plan that was made without a cut of the run's.
    package init(_ plan: Plan) {
        longest = plan.longestFrame
        longestInSteps = plan.longestFrameOfSteps
        hasOwnCuts = plan.hasOwnCuts
        switch plan.document.framing {
        case .fixed: isFixed = true
        case .json: isJSON = true
        case .line: break
        }
        for step in plan.allSteps {
            for transmission in step.transmissions { add(transmission, plan.document.framing) }
            // It sends until the kernel's buffers are full.
            if case .fill = step.action { total += 1 << 20 }
        }
        joinableInSteps = plan.longestRunOfSteps
        joinable = max(joinableInSteps, Plan.longestRun(of: plan.preamble))
    }

    private mutating func add(_ transmission: Transmission, _ framing: Framing) {
        for piece in transmission.pieces {
            total += piece.length(in: framing)
            if piece.isMessage, let content = piece.text.filled(with: [:]) {
                contentLengths.insert(content.count)
            }
            for case .literal(let bytes) in piece.text.parts {
                hasLongCharacters = hasLongCharacters || bytes.contains { $0 >= 0xC2 }
                hasEscapes = hasEscapes || bytes.contains(UInt8(ascii: "\\"))
            }
        }
    }
}

extension PlanStep {
    /// What it sends by itself, steps within it left out.
    var transmissions: [Transmission] {
        switch action {
        case .transmit(_, let transmission), .eventually(_, let transmission, _): [transmission]
        case .respond(_, let responses):
            responses.compactMap { response in
                if case .transmit(let transmission) = response.deed { transmission } else { nil }
            }
        default: []
        }
    }
}

extension Transmission.Piece {
    fileprivate var text: TextPattern {
        switch self {
        case .message(let text), .raw(let text), .part(let text, _, _): text
        }
    }
}

extension Plan {
    /// Whether its own steps say how they are cut.
    package var hasOwnCuts: Bool {
        allSteps.contains { step in
            step.transmissions.contains { $0.split != .whole }
        }
    }

    /// Whether its own steps say how they are cut, where a run lays a cut over all others.
    package func cutsItself(besides split: CutPlan) -> Bool {
        allSteps.contains { step in
            step.transmissions.contains { ![.whole, split].contains($0.split) }
        }
    }

    /// Whether any messages share segments as the plan wants it.
    package func joinsMessages(as split: CutPlan) -> Bool {
        split.joinedMessages > 1
            && allSteps.contains { step in
                step.transmissions.contains { $0.split == split && $0.pieces.count > 1 }
            }
    }

    /// The longest run of messages of one connection with no other step between them.
    fileprivate var longestRunOfSteps: Int {
        var longest = Self.longestRun(of: steps)
        for step in Self.unfolded(steps) {
            switch step.action {
            case .together(let groups):
                longest = max(longest, groups.map(Self.longestRun).max() ?? 1)
            case .choose(_, let alternatives, _):
                longest = max(
                    longest, alternatives.map { Self.longestRun(of: $0.steps) }.max() ?? 1)
            default: break
            }
        }
        return longest
    }

    /// As `SendJoining` joins them.
    fileprivate static func longestRun(of steps: [PlanStep]) -> Int {
        var (longest, run) = (1, 0)
        var last: LinkID?
        for step in steps {
            guard case .transmit(let link, let transmission) = step.action,
                transmission.pieces.allSatisfy(\.isMessage)
            else {
                (run, last) = (0, nil)
                continue
            }
            run = link == last ? run + 1 : transmission.pieces.count == 1 ? 1 : 0
            last = run == 0 ? nil : link
            longest = max(longest, run)
        }
        return longest
    }
}
