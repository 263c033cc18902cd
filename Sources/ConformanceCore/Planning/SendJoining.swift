// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Joins consecutive sends of one connection where their cut plan wants several at once.
///
/// A plan never reorders a scenario: only sends with no other step between them are joined.
enum SendJoining {
    static func joined(_ steps: [PlanStep]) -> [PlanStep] {
        guard steps.contains(where: { wish($0) > 1 }) else { return steps }
        var result: [PlanStep] = []
        var room = 0
        for step in steps {
            if room > 0, let last = result.last, let both = joined(last, step) {
                result[result.count - 1] = both
                room -= 1
            } else {
                result.append(step)
                room = wish(step) - 1
            }
        }
        return result
    }

    /// How many messages the step's plan wants in one go.
    private static func wish(_ step: PlanStep) -> Int {
        guard case .transmit(_, let transmission) = step.action, transmission.pieces.count == 1
        else {
            return 1
        }
        return transmission.split.joinedMessages
    }

    private static func joined(_ first: PlanStep, _ second: PlanStep) -> PlanStep? {
        guard case .transmit(let link, let one) = first.action,
            case .transmit(let other, let two) = second.action, link == other,
            one.split == two.split, (one.pieces + two.pieces).allSatisfy(\.isMessage)
        else { return nil }
        var step = first
        step.action = .transmit(
            link, Transmission(pieces: one.pieces + two.pieces, split: one.split))
        return step
    }
}

extension Transmission.Piece {
    var isMessage: Bool {
        switch self {
        case .message: true
        case .raw, .part: false
        }
    }
}
