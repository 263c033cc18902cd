// SPDX-License-Identifier: Apache-2.0

import Specs

/// What each kind of step requires of what belongs to it.
extension Judge {
    mutating func judge(_ step: PlanStep, _ seen: Evidence, waited: Int64) {
        switch step.action {
        case .connect(let link, _):
            if let reason = refusals[link] {
                note(.refused(reason), step: step, link: link)
            } else if outcomes[step.id] != .held {
                note(.notAccepted(waited: waited), step: step, link: link)
            }
        case .accept(let link, _):
            if outcomes[step.id] != .held {
                note(.notConnected(waited: waited), step: step, link: link)
            }
        case .expectNoConnection(let listener):
            if !seen.hasProof {
                note(.unanswered(waited: waited), step: step, link: unansweredLink)
            } else if crowdedPorts.contains(listener) {
                note(.connectedUnasked(plan.listeners[listener.index].label), step: step)
            }
        case .expectRefused(let link, _):
            if refusals[link] == nil { note(.notRefused, step: step, link: link) }
        case .transmit(let link, _):
            if outcomes[step.id] != .held {
                note(.notTaken(waited: waited), step: step, link: link)
            }
        case .expect(let link, let pattern, _): judgeNext(link, pattern, step, seen, waited)
        case .expectAll(let expected): judgeAll(expected, step, seen, waited)
        case .expectNothing(let link, _):
            judgeNothing(step, seen, waited)
            judgeEnds(step, of: [link])
        case .sweep:
            judgeSwept(step, seen, waited)
            judgeEnds(step, of: plan.links.indices.map(LinkID.init))
        case .settle:
            if !seen.hasProof {
                note(.unanswered(waited: waited), step: step, link: unansweredLink)
            }
            judgeEnds(step, of: plan.links.indices.map(LinkID.init))
        case .expectClose(let link, let kind): judgeClose(link, kind, step, seen, waited)
        case .choose(let link, let alternatives, let observes):
            judgeChoice(link, alternatives, observes, step, seen, waited)
        case .eventually(let link, _, let outcome):
            let candidates = seen.took.map { transcript.messages[$0].candidate }
            if let bound = outcome.match(candidates, ends[link], bound) {
                self.bound = bound
            } else {
                note(
                    .neverHeld(
                        attempts: seen.attempts, accepted: outcome.accepted(bound), waited: waited),
                    step: step, link: link, message: seen.took.last)
            }
        case .fill(let link, let stalled, _, _):
            expectedEnds.insert(stalled)
            if outcomes[step.id] != .held {
                note(.notTaken(waited: waited), step: step, link: link)
            }
        case .countThreads: noteThreads(seen.threads, step)
        case .expectExit(let server):
            if !endedServers.contains(server) { note(.notExited(waited: waited), step: step) }
        case .expectFiles(let texts, _): judgeFiles(seen.files, texts, step)
        case .restart(let server):
            serversToEnd.remove(server)
            endedServers.remove(server)
            expectedEnds.formUnion(plan.linksThatEnd(with: server))
            if outcomes[step.id] != .held { note(.notRestarted, step: step) }
        case .listen, .respond, .closeWrite, .close, .reset, .stopReading, .resumeReading,
            .together, .pause, .signal:
            break
        }
    }

    private mutating func judgeNext(
        _ link: LinkID, _ pattern: Pattern, _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        guard let number = seen.took.first else {
            return noteAbsence(of: pattern.accepted(bound), link, step, waited)
        }
        accept(number, pattern, step)
    }

    /// Matches a message that a step took; what it is not becomes a finding.
    private mutating func accept(_ number: Int, _ pattern: Pattern, _ step: PlanStep) {
        switch pattern.match(transcript.messages[number].candidate, bound: bound) {
        case .matched(let match):
            bound = match.bound
            noteSeen(step.observes, match, step, number)
            if let reason = match.tolerated { noteTolerated(reason, step, number) }
        case .mismatched(let mismatch):
            note(.mismatch(mismatch), step: step, message: number)
        }
    }

    /// Which alternative came is news where the step says under which requirement.
    private mutating func noteSeen(
        _ requirement: String?, _ match: Match, _ step: PlanStep, _ number: Int
    ) {
        guard let requirement else { return }
        judgement.observed.append(
            SeenChoice(
                requirement: requirement, step: step.id, label: match.label, messages: [number],
                end: nil))
    }

    mutating func noteTolerated(_ reason: String, _ step: PlanStep, _ number: Int?) {
        judgement.tolerated.append(
            Finding(
                requirement: step.requirement, level: min(step.level, .should), step: step.id,
                link: number.map { transcript.messages[$0].link }, isPreamble: step.isPreamble,
                kind: .tolerated(reason), message: number))
    }

    mutating func noteAbsence(
        of accepted: [String], _ link: LinkID, _ step: PlanStep, _ waited: Int64
    ) {
        if let end = ends[link] {
            note(.endedInstead(end, accepted: accepted), step: step, link: link)
        } else {
            note(.silence(accepted: accepted, waited: waited), step: step, link: link)
        }
    }

    private mutating func judgeAll(
        _ expected: [ExpectedMessage], _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        var open = expected
        for number in seen.took {
            let message = transcript.messages[number]
            guard
                let place = ExpectedMessage.place(
                    of: message.candidate, on: message.link, in: open, bound)
            else {
                let here = open.filter { $0.link == message.link }.map {
                    Accepted(pattern: $0.pattern)
                }
                guard
                    case .mismatched(let mismatch) = Pattern.anyOf(here).match(
                        message.candidate, bound: bound)
                else { continue }
                return note(.mismatch(mismatch), step: step, message: number)
            }
            let wanted = open.remove(at: place)
            if let match = matches(wanted.pattern, number) {
                noteSeen(wanted.observes, match, step, number)
            }
        }
        guard let first = open.first else { return }
        let missing = open.map {
            "\(plan.links[$0.link.index].label): \($0.pattern.accepted(bound).joined(separator: " or "))"
        }
        if open.count == expected.count, let end = ends[first.link] {
            return note(.endedInstead(end, accepted: missing), step: step, link: first.link)
        }
        note(.missing(missing, waited: waited), step: step, link: first.link)
    }

    private mutating func judgeNothing(_ step: PlanStep, _ seen: Evidence, _ waited: Int64) {
        for number in seen.took where !isAllowed(number) {
            note(.unexpected, step: step, message: number)
        }
        if !seen.hasProof { note(.unanswered(waited: waited), step: step, link: unansweredLink) }
    }

    /// What came and no step asked for is not against how long frames are, say: where the scenario
    /// is about something like that, the message's form says what it is against.
    private mutating func judgeSwept(_ step: PlanStep, _ seen: Evidence, _ waited: Int64) {
        let before = judgement.findings.count
        judgeNothing(step, seen, waited)
        guard plan.document.unaskedElsewhere.contains(plan.primaryRequirement) else { return }
        for place in judgement.findings.indices.dropFirst(before) {
            guard let number = judgement.findings[place].message,
                let requirement = violatedUnasked(by: number)
            else { continue }
            judgement.findings[place].requirement = requirement
            judgement.findings[place].level = min(
                requirements[requirement]?.level ?? .must, plan.level)
        }
    }

    private func violatedUnasked(by number: Int) -> String? {
        let name = transcript.messages[number].form
        return plan.document.forms.forms(of: .server).first { $0.name == name }?.unasked
    }

    /// No connection has ended that nobody asked the server to end.
    private mutating func judgeEnds(_ step: PlanStep, of links: [LinkID]) {
        for link in links where !expectedEnds.contains(link) {
            guard let end = ends[link], !plan.mayEnd(link, end, hasEnded: isOver) else { continue }
            note(.endedUnasked(end), step: step, link: link)
        }
    }

    private func isOver(_ link: LinkID) -> Bool { left.contains(link) || ends[link] != nil }

    /// A connection whose barrier has no answer.
    private var unansweredLink: LinkID? {
        var owed: [LinkID: Int] = [:]
        for entry in transcript.entries {
            switch entry.event {
            case .barrierSent(let link, _): owed[link, default: 0] += 1
            case .barrierAnswered(let link, _): owed[link, default: 0] -= 1
            default: break
            }
        }
        return owed.filter { $0.value > 0 }.keys.min()
    }

    private mutating func judgeClose(
        _ link: LinkID, _ kind: CloseKind, _ step: PlanStep, _ seen: Evidence, _ waited: Int64
    ) {
        expectedEnds.insert(link)
        if let number = seen.took.first {
            note(.unexpected, step: step, message: number)
        } else if let end = ends[link] {
            if !kind.accepts(end) { note(.wrongEnd(end, wanted: kind), step: step, link: link) }
        } else {
            note(.notEnded(waited: waited), step: step, link: link)
        }
    }
}

extension Outcome {
    /// What is accepted, as people read it.
    func accepted(_ bound: [String: [UInt8]]) -> [String] {
        switch self {
        case .nothing: ["nothing"]
        case .close(let kind): [kind.shown]
        case .messages(let patterns):
            [
                patterns.map { $0.accepted(bound).joined(separator: " or ") }.joined(
                    separator: ", then ")
            ]
        case .messagesThenClose(let patterns, let kind):
            [
                (patterns.map { $0.accepted(bound).joined(separator: " or ") } + [kind.shown])
                    .joined(separator: ", then ")
            ]
        }
    }
}

extension CloseKind {
    /// As people read it.
    package var shown: String {
        switch self {
        case .fin: "an orderly close"
        case .reset: "a reset"
        case .either: "a close"
        }
    }
}
