// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Plans whose own steps say what shares a segment, and the same plans without that.
extension Plan {
    /// Whether its own steps cut what they send, or send several pieces at once.
    package var hasOwnSegments: Bool {
        allSteps.contains { step in
            step.transmissions.contains { $0.split != .whole || $0.pieces.count > 1 }
        }
    }

    /// The same with each piece of what its steps send in a segment of its own.
    package var apart: Plan {
        var plan = self
        plan.preamble = preamble.map(\.apart)
        plan.steps = steps.map(\.apart)
        return plan
    }
}

extension PlanStep {
    /// As deep as the file nests its steps, which the reader of JSON bounds.
    fileprivate var apart: PlanStep {
        var step = self
        step.action = action.apart
        return step
    }
}

extension PlanAction {
    fileprivate var apart: PlanAction {
        switch self {
        case .transmit(let link, let transmission): .transmit(link, transmission.apart)
        case .eventually(let link, let transmission, let outcome):
            .eventually(link, transmission.apart, outcome)
        case .respond(let link, let rules): .respond(link, rules.map(\.apart))
        case .together(let groups): .together(groups.map { $0.map(\.apart) })
        case .choose(let link, let alternatives, let observes):
            .choose(link, alternatives.map(\.apart), observes: observes)
        case .connect, .listen, .accept, .expectNoConnection, .expect, .expectAll, .expectNothing,
            .expectClose, .expectRefused, .closeWrite, .close, .reset, .stopReading,
            .resumeReading, .fill, .pause, .restart, .countThreads, .signal, .expectExit,
            .expectFiles, .settle, .sweep:
            self
        }
    }
}

extension Alternative {
    fileprivate var apart: Alternative {
        var alternative = self
        alternative.steps = steps.map(\.apart)
        return alternative
    }
}

extension Response {
    fileprivate var apart: Response {
        guard case .transmit(let transmission) = deed else { return self }
        var response = self
        response.deed = .transmit(transmission.apart)
        return response
    }
}

extension Transmission {
    fileprivate var apart: Transmission {
        Transmission(pieces: pieces, split: pieces.count > 1 ? .coalesce(1) : .whole)
    }
}
