// SPDX-License-Identifier: Apache-2.0

import Specs

extension Plan {
    /// Every step, those within `together` and alternatives too, in the order of their numbers.
    package var allSteps: [PlanStep] { Self.unfolded(preamble + steps) }

    static func unfolded(_ steps: [PlanStep]) -> [PlanStep] {
        guard steps.contains(where: { $0.holdsSteps }) else { return steps }
        var found: [PlanStep] = []
        var pending: [PlanStep] = steps.reversed()
        while let step = pending.popLast() {
            found.append(step)
            pending += step.inner.reversed()
        }
        return found
    }

    /// The reasons for which this plan needs a quiet window.
    package var quietReasons: [String] {
        allSteps.compactMap { step in
            if case .expectNothing(_, let quiet?) = step.action { quiet } else { step.quiet }
        }
    }

    /// The longest frame that the plan sends, by which families of cuts are unfolded.
    package var longestFrame: Int { longestFrame(of: allSteps) }

    /// The longest one that it sends behind its preamble.
    package var longestFrameOfSteps: Int { longestFrame(of: Self.unfolded(steps)) }

    private func longestFrame(of steps: [PlanStep]) -> Int {
        steps.map { step in
            switch step.action {
            case .transmit(_, let transmission), .eventually(_, let transmission, _):
                transmission.longestPiece(in: document.framing)
            case .respond(_, let responses):
                responses.map { $0.longestPiece(in: document.framing) }.max() ?? 0
            default:
                0
            }
        }.max() ?? 0
    }
}

extension Transmission {
    fileprivate func longestPiece(in framing: Framing) -> Int {
        pieces.map { $0.length(in: framing) }.max() ?? 0
    }
}

extension Response {
    fileprivate func longestPiece(in framing: Framing) -> Int {
        switch deed {
        case .transmit(let transmission): transmission.longestPiece(in: framing)
        case .close, .reset: 0
        }
    }
}

extension PlanStep {
    fileprivate var holdsSteps: Bool {
        switch action {
        case .together, .choose: true
        default: false
        }
    }

    /// The steps that this one holds.
    package var inner: [PlanStep] {
        switch action {
        case .together(let groups): groups.flatMap { $0 }
        case .choose(_, let alternatives, _): alternatives.flatMap(\.steps)
        default: []
        }
    }
}

extension Transmission.Piece {
    func length(in framing: Framing) -> Int {
        switch self {
        case .raw(let text): text.literalLength
        case .message(let text), .part(let text, _, _):
            switch framing {
            case .fixed(let width, _): width
            case .line(let terminator): text.literalLength + terminator.count
            case .json: text.literalLength
            }
        }
    }
}

extension TextPattern {
    /// The bytes that are known before the run.
    var literalLength: Int {
        parts.reduce(0) { sum, part in
            if case .literal(let bytes) = part { sum + bytes.count } else { sum }
        }
    }
}
