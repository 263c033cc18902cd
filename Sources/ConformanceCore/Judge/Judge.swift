// SPDX-License-Identifier: Apache-2.0

package import Specs

/// Judges a transcript against its plan; reads no clock and no socket.
///
/// The interpreter's own view of the steps is not used: every message is matched again.
package struct Judge {
    let plan: Plan
    let transcript: Transcript
    let requirements: Requirements
    let isStrict: Bool

    var steps = StepTable<PlanStep>()
    var queues: [LinkID: [Int]] = [:]
    var ends: [LinkID: EndKind] = [:]
    /// Why the server that was started again last does not serve, where it does not.
    var restartFailure: RestartFailure?
    var refusals: [LinkID: String] = [:]
    /// Connections that stand in the place of ones that are over, by the first of each.
    var successors: [LinkID: LinkID] = [:]
    /// Connections whose end a step asked for or looked at, or that the runner left itself.
    var expectedEnds: Set<LinkID> = []
    /// Connections that the runner has ended, in one direction at least.
    var left: Set<LinkID> = []
    /// Servers that the runner has told to end, and not yet started again.
    var serversToEnd: Set<ServerID> = []
    var endedServers: Set<ServerID> = []
    /// Ports at which somebody waited when that was last looked at.
    var crowdedPorts: Set<ListenerID> = []
    var evidence: [StepID: Evidence] = [:]
    var bound: [String: [UInt8]] = [:]
    /// The words of the barriers that were sent, with the connection whose answer each is.
    var barrierWords: [(link: LinkID, word: [UInt8])] = []
    /// How the interpreter saw each step: used only where no message shows how it went.
    var outcomes = StepTable<StepOutcome>()
    var judgement = Judgement(verdict: .pass)

    /// What belongs to one step.
    struct Evidence {
        var began: Int64
        var took: [Int] = []
        var chose: Int??
        var attempts = 1
        var hasProof = false
        var threads: Int?
        var files: SearchedFiles?
    }

    package static func judge(
        _ plan: Plan, _ transcript: Transcript, requirements: Requirements, isStrict: Bool = false
    ) -> Judgement {
        var judge = Judge(
            plan: plan, transcript: transcript, requirements: requirements, isStrict: isStrict)
        return judge.run()
    }

    private init(
        plan: Plan, transcript: Transcript, requirements: Requirements, isStrict: Bool
    ) {
        self.plan = plan
        self.transcript = transcript
        self.requirements = requirements
        self.isStrict = isStrict
        for step in plan.allSteps { steps[step.id] = step }
    }

    private mutating func run() -> Judgement {
        for entry in transcript.entries { replay(entry) }
        judgeUnfinished()
        judgeFraming()
        judgeForms()
        judgement.verdict = verdict
        return judgement
    }

    private mutating func replay(_ entry: TranscriptEntry) {
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

    func isAllowed(_ number: Int) -> Bool {
        plan.allow.contains { matches($0, number) != nil }
    }

    func matches(_ pattern: Pattern, _ number: Int) -> Match? {
        pattern.accepts(transcript.messages[number].candidate, bound: bound)
    }

    private mutating func finish(_ id: StepID, at time: Int64) {
        guard let step = steps[id], let seen = evidence[id] else {
            return note(.inconsistent("step \(id.number) ended without having begun"), step: nil)
        }
        let before = judgement.findings.count
        judge(step, seen, waited: time - seen.began)
        if judgement.findings.count > before { judgement.failedSteps.insert(id) }
    }

    mutating func note(
        _ kind: FindingKind, step: PlanStep?, link: LinkID? = nil, message: Int? = nil
    ) {
        var finding = Finding(
            requirement: step?.requirement ?? plan.primaryRequirement,
            level: step?.level ?? plan.level, step: step?.id,
            link: link ?? message.map { transcript.messages[$0].link },
            isPreamble: step?.isPreamble ?? isInPreamble, kind: kind, message: message)
        if let message { blameStray(message, &finding) }
        judgement.findings.append(finding)
    }

    /// Where a requirement leaves open what a server does, it still is to go on serving.
    private mutating func noteEnd(of server: ServerID, _ how: String) {
        endedServers.insert(server)
        guard !serversToEnd.contains(server) else { return }
        judgement.findings.append(
            Finding(
                requirement: plan.primaryRequirement, level: max(plan.level, .should),
                isPreamble: isInPreamble, kind: .serverEnded(how)))
    }

    /// A server that ends when it is started again does not serve, whatever is left open.
    mutating func noteRestart(_ step: PlanStep) {
        let failure = restartFailure ?? .undecided("the runner did not start it again")
        let level = failure.isUndecided ? step.level : max(step.level, .should)
        judgement.findings.append(
            Finding(
                requirement: step.requirement, level: level, step: step.id,
                isPreamble: step.isPreamble, kind: .notRestarted(failure)))
    }

    /// Whether no step after the preamble has begun yet.
    private var isInPreamble: Bool {
        !plan.preamble.isEmpty && !evidence.keys.contains { steps[$0]?.isPreamble == false }
    }
}
