// SPDX-License-Identifier: Apache-2.0

import Specs

/// Standing answers: what a peer says by itself whenever a message of a kind comes.
extension Interpreter {
    /// Takes the place of the rules that the connection had; what has come already counts, too.
    mutating func setResponses(_ responses: [Response], on link: LinkID, by step: PlanStep) {
        links[link.index].responses = responses.enumerated().map { number, rule in
            StandingResponse(step: step.id, number: number, rule: rule, left: rule.times)
        }
        for number in links[link.index].inbox where isAnswered(number, on: link) {
            links[link.index].inbox.removeAll { $0 == number }
        }
    }

    /// Answers a message by the first rule that matches; whether that was all about it.
    mutating func isAnswered(_ number: Int, on link: LinkID) -> Bool {
        let candidate = transcript.messages[number].candidate
        for place in links[link.index].responses.indices {
            let response = links[link.index].responses[place]
            guard response.left != 0,
                let match = response.rule.to.accepts(candidate, bound: bound)
            else { continue }
            if let left = response.left { links[link.index].responses[place].left = left - 1 }
            record(.answered(response.step, rule: response.number, message: number))
            due.append(
                DueAnswer(
                    at: now + response.rule.after, link: link, step: response.step,
                    deed: response.rule.deed, bound: match.bound))
            return !response.rule.collects
        }
        return false
    }

    /// Gives the answers whose time has come, in the order of the messages.
    mutating func giveDueAnswers() {
        let ready = due.filter { $0.at <= now }
        guard !ready.isEmpty else { return }
        due.removeAll { $0.at <= now }
        for answer in ready where links[answer.link.index].leaving == .no { give(answer) }
    }

    private mutating func give(_ answer: DueAnswer) {
        switch answer.deed {
        case .transmit(let transmission):
            _ = transmit(transmission, on: answer.link, for: answer.step, with: answer.bound)
        case .close: close(answer.link)
        case .reset: reset(answer.link)
        }
    }
}
