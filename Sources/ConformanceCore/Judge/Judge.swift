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

    func isAllowed(_ number: Int) -> Bool {
        plan.allow.contains { matches($0, number) != nil }
    }

    func matches(_ pattern: Pattern, _ number: Int) -> Match? {
        pattern.accepts(transcript.messages[number].candidate, bound: bound)
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
    mutating func noteEnd(of server: ServerID, _ how: String) {
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
