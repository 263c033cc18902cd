// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Makes the plan of one case of a scenario.
///
/// Runs twice: the first time only to learn who the peers are, since a text may name a peer
/// that speaks later.
struct CaseBuilder {
    let suite: Suite
    let scenario: Scenario
    let topic: String
    /// Which round of `foreach` this is; its fields are filled in anew, with this case's names.
    var round: Round
    let system: SystemUnderTest
    let runSplit: CutPlan?
    let log: ProblemLog
    let values: ValueSource
    let random: SeededGenerator

    var peers: [String] = []
    var links: [PlannedLink] = []
    /// Connections that an earlier step has opened.
    var opened: Set<LinkID> = []
    var nextStep = 0
    var isPreamble = true
    var isLearningPeers = true
    /// Names of declared values that are being resolved, against circles.
    var resolving: [String] = []
    /// What was drawn already in this pass, by its label.
    var drawnBefore: [String: [UInt8]] = [:]

    init(
        suite: Suite, scenario: Scenario, topic: String, round: Round,
        system: SystemUnderTest,
        runSplit: CutPlan?, seed: UInt64, log: ProblemLog
    ) {
        self.suite = suite
        self.scenario = scenario
        self.topic = topic
        self.round = round
        self.system = system
        self.runSplit = runSplit
        self.log = log
        // The members of a family of cuts may meet one server, and must not meet each other's names.
        let cut = runSplit.map { "{\($0)}" } ?? ""
        random = SeededGenerator(seed: seed).derived(for: Self.caseID(scenario, round) + cut)
        values = ValueSource(generators: suite.document.generators, random: random)
    }

    static func caseID(_ scenario: Scenario, _ round: Round) -> String {
        round.label.isEmpty ? scenario.id : "\(scenario.id)[\(round.label)]"
    }

    mutating func plan() -> Plan {
        _ = sections()
        isLearningPeers = false
        links = []
        opened = []
        nextStep = 0
        // Texts that name peers were made before the peers were known.
        drawnBefore = [:]
        let (preamble, steps) = sections()
        return Plan(
            caseID: Self.caseID(scenario, round), scenarioID: scenario.id, title: scenario.title,
            topic: topic, requirements: scenario.requirements,
            level: level(of: scenario.requirements.first ?? "", stepLevel: nil),
            position: scenario.position, document: suite.document, links: links,
            allow: scenario.allow.map { pattern($0, round.scope) }, preamble: preamble,
            steps: steps, runSplit: runSplit ?? .whole, nonces: random.derived(for: "nonces"),
            needs: scenario.needs)
    }

    private mutating func sections() -> (preamble: [PlanStep], steps: [PlanStep]) {
        if let foreach = scenario.foreach {
            round.scope = scope(of: round, in: foreach)
        }
        isPreamble = true
        var preamble = expand(scenario.preamble, round.scope)
        if !preamble.isEmpty { preamble.append(implicit(.settle)) }
        isPreamble = false
        var steps = expand(scenario.steps, round.scope)
        steps.append(implicit(.sweep))
        return (preamble, steps)
    }

    private mutating func implicit(_ action: PlanAction) -> PlanStep {
        defer { nextStep += 1 }
        return PlanStep(
            id: StepID(nextStep), position: scenario.position, isPreamble: isPreamble,
            requirement: scenario.requirements.first ?? "",
            level: level(of: scenario.requirements.first ?? "", stepLevel: nil),
            within: scenario.within, action: action)
    }

    /// The weight of what is said about `requirement` here: it may be lowered, never raised.
    func level(of requirement: String, stepLevel: Level?) -> Level {
        let own = suite.requirements[requirement]?.level ?? .must
        return [scenario.level, round.level, stepLevel].compactMap { $0 }.reduce(own, min)
    }
}
