// SPDX-License-Identifier: Apache-2.0

/// What each entry of the transcript changes, in their order.
extension Judge {
    mutating func replay(_ entry: TranscriptEntry) {
        switch entry.event {
        case .message(let number):
            queues[transcript.messages[number].link, default: []].append(number)
        case .barrierSent(let link, let word):
            if !word.isEmpty { barrierWords.append((link, word)) }
        case .barrierAnswered(_, let number), .confirmed(_, let number):
            remove(number, mustBeFirst: false)
        case .answered(let step, let rule, let number): judgeAnswer(step, rule, number)
        case .listening(let listener, let port):
            guard plan.listeners.indices.contains(listener.index) else { break }
            bound[plan.listeners[listener.index].portCapture] = Array(String(port).utf8)
        case .learned(let name, let value): bound[name] = value
        case .arrivals(let listener, let isSomebodyThere):
            crowdedPorts.remove(listener)
            if isSomebodyThere { crowdedPorts.insert(listener) }
        case .allowed(let number):
            remove(number, mustBeFirst: true)
            if !isAllowed(number) {
                note(.inconsistent("message \(number) is not allowed"), step: nil)
            }
        case .cleared(let number): remove(number, mustBeFirst: true)
        case .took(let step, let number):
            remove(number, mustBeFirst: !takesAmid(step))
            evidence[step]?.took.append(number)
        case .began(let step):
            if let planned = steps[step] { steps[step] = planned.on(successors) }
            evidence[step] = Evidence(began: entry.time)
        case .chose(let step, let alternative): evidence[step]?.chose = .some(alternative)
        case .attempt(let step, let attempt):
            evidence[step]?.attempts = attempt
            evidence[step]?.took = []
        case .proof(let step, _): evidence[step]?.hasProof = true
        case .restarted(let failure): restartFailure = failure
        case .threads(let step, let count): evidence[step]?.threads = count
        case .searched(let step, let files): evidence[step]?.files = files
        case .signalled(let step, _):
            guard case .signal(_, let server)? = steps[step]?.action else { break }
            serversToEnd.insert(server)
            expectedEnds.formUnion(plan.linksThatEnd(with: server))
        case .finished(let step, let outcome):
            outcomes[step] = outcome
            finish(step, at: entry.time)
        case .ended(let link, let kind): ends[link] = kind
        case .closedWrite(let link), .closed(let link), .reset(let link):
            expectedEnds.insert(link)
            left.insert(link)
        case .connecting(let link):
            guard plan.links.indices.contains(link.index),
                let first = plan.links[link.index].follows
            else { break }
            successors[first] = link
        case .refused(let link, let reason): refusals[link] = reason
        case .serverEnded(let how, let server): noteEnd(of: server, how)
        case .aborted(.flooded(let bytes)): note(.flooded(bytes: bytes), step: nil)
        case .aborted(.interrupted): note(.interrupted, step: nil)
        case .connected, .accepting, .sent, .said, .taken, .cut, .received,
            .relayed, .waited, .stoppedReading, .resumedReading, .backlog,
            .waitedQuietly:
            break
        }
    }

    /// Takes a message off its queue; messages are taken in the order in which they came.
    private mutating func remove(_ number: Int, mustBeFirst: Bool) {
        let link = transcript.messages[number].link
        guard let place = queues[link]?.firstIndex(of: number) else {
            return note(.inconsistent("message \(number) was taken twice"), step: nil)
        }
        if mustBeFirst, place != 0 {
            note(.inconsistent("message \(number) was taken before its turn"), step: nil)
        }
        queues[link]?.remove(at: place)
    }

    /// A standing answer: its rule must match, and takes the message unless it collects.
    private mutating func judgeAnswer(_ step: StepID, _ place: Int, _ number: Int) {
        guard case .respond(_, let rules)? = steps[step]?.action, rules.indices.contains(place),
            matches(rules[place].to, number) != nil
        else { return note(.inconsistent("message \(number) was answered by no rule"), step: nil) }
        if !rules[place].collects { remove(number, mustBeFirst: false) }
    }

    private func takesAmid(_ step: StepID) -> Bool {
        if case .expect(_, _, othersStay: true)? = steps[step]?.action { true } else { false }
    }

    private mutating func finish(_ id: StepID, at time: Int64) {
        guard let step = steps[id], let seen = evidence[id] else {
            return note(.inconsistent("step \(id.number) ended without having begun"), step: nil)
        }
        let before = judgement.findings.count
        judge(step, seen, waited: time - seen.began)
        if judgement.findings.count > before { judgement.failedSteps.insert(id) }
    }
}
