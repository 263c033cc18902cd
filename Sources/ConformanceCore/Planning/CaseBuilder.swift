// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Makes the plan of one case of a scenario.
///
/// A text may name a peer that speaks later: then it runs twice, the first time only to learn who
/// the peers are.
struct CaseBuilder {
    let suite: Suite
    let scenario: Scenario
    let topic: String
    /// Which round of `foreach` this is; its fields are filled in anew, with this case's names.
    var round: Round
    let system: SystemUnderTest
    let runSplit: CutPlan?
    let reach: SplitReach
    var log: ProblemLog
    let values: ValueSource
    let random: SeededGenerator

    var peers: [String] = []
    var links: [PlannedLink] = []
    /// Connections that an earlier step has opened.
    var opened: Set<LinkID> = []
    /// How those were opened that the runner opens.
    var openings: [LinkID: ConnectOptions] = [:]
    /// Connections that the server has ended where the step stands.
    var ended: Set<LinkID> = []
    /// How often each of them may have been opened again where the step stands.
    var reopened: [LinkID: Int] = [:]
    var listeners: [PlannedListener] = []
    var servers: [PlannedServer] = []
    /// The server to which the steps of a procedure connect.
    var callersServer = ServerID.main
    /// Who does the step that is being planned.
    var speaker: String?
    /// The accounts of peers, in the order in which they came to be used.
    var accounts: [String: Int] = [:]
    /// Peers whose name is made use of.
    var named: Set<String> = []
    /// Why a value cannot be made of what is given.
    var lack: String?
    var nextStep = 0
    var isPreamble = true
    /// What procedures of the preamble let others be told of, at any time.
    var allowedByPreamble: [Pattern] = []
    /// The step that is being planned stands in a procedure.
    var isInProcedure = false
    var isLearningPeers = true
    /// Names of declared values that are being resolved, against circles.
    var resolving: [String] = []
    /// What was drawn already in this pass, by its label.
    var drawnBefore: [String: [UInt8]] = [:]
    private let seed: UInt64
    /// Where among the accounts this case begins to take.
    private let firstAccount: Int

    init(
        suite: Suite, scenario: Scenario, topic: String, round: Round,
        system: SystemUnderTest,
        runSplit: CutPlan?, reach: SplitReach, seed: UInt64,
        alphabets: [String: LetterExchange.Alphabets], log: ProblemLog
    ) {
        self.suite = suite
        self.scenario = scenario
        self.topic = topic
        self.round = round
        self.system = system
        self.runSplit = runSplit
        self.reach = reach
        self.log = log
        // Not of the cut: an offset that is found under one plan must mean the same under the next.
        let id = Self.caseID(scenario, round)
        random = SeededGenerator(seed: seed).derived(for: id)
        values = ValueSource(
            generators: suite.document.generators,
            random: SeededGenerator(seed: PlanSeed.shape(of: seed)).derived(for: id),
            letters: PlanSeed.hasLettersOfItsOwn(seed)
                ? LetterExchange(alphabets: alphabets, random: random) : nil)
        self.seed = seed
        var choice = random.derived(for: "accounts")
        firstAccount = choice.next(below: max(1, system.accounts.count))
    }

    /// The account that a peer has; more peers than accounts have none.
    mutating func account(of peer: String) -> Account? {
        let number = accounts[peer] ?? accounts.count
        accounts[peer] = number
        guard number < system.accounts.count else { return nil }
        return system.accounts.account(firstAccount + number, of: suite.document, seed: seed)
    }

    static func caseID(_ scenario: Scenario, _ round: Round) -> String {
        round.label.isEmpty ? scenario.id : "\(scenario.id)[\(round.label)]"
    }

    mutating func plan() -> Plan {
        servers = scenario.servers.map { PlannedServer(name: $0.name) }
        isLearningPeers = false
        let (preamble, steps) = sectionsOnceOrTwice()
        writeFiles()
        let allow = scenario.allow.map { pattern($0, round.scope) } + allowedByPreamble
        let allowedEnds = allowedEnds()
        nameLinks()
        var plan = Plan(
            caseID: Self.caseID(scenario, round), scenarioID: scenario.id, title: scenario.title,
            topic: topic, requirements: scenario.requirements,
            level: level(of: scenario.requirements.first ?? "", stepLevel: nil),
            position: scenario.position, document: suite.document, links: links, servers: servers,
            listeners: listeners, allow: allow, allowedEnds: allowedEnds, preamble: preamble,
            steps: steps, runSplit: runSplit ?? .whole, nonces: random.derived(for: "nonces"),
            needs: scenario.needs)
        plan.accounts =
            suite.document.accounts == nil
            ? 0 : max(scenario.accounts ?? 0, accounts.count)
        plan.lack = lack
        plan.splitReach = reach
        return plan
    }

    /// Peers whose name nobody asks for have one that no server knows.
    private mutating func nameLinks() {
        for index in links.indices {
            let peer = links[index].peer
            links[index].isNamed = named.contains(peer)
            links[index].name =
                named.contains(peer)
                ? peerName(peer) : values.draw(suite.document.peerNames, for: "peer \(peer)")
            let kind = links[index].kind
            let barriers = suite.document.barriers.filter { $0.link == kind }
            links[index].isAddressNamed =
                links[index].isAddressNamed || barriers.contains(where: \.namesHost)
        }
    }

    private mutating func allowedEnds() -> [LinkID: CloseKind] {
        var ends: [LinkID: CloseKind] = [:]
        for allowed in scenario.allowedEnds {
            let peer = allowed.peer.map { String(decoding: bytes($0, round.scope), as: UTF8.self) }
            for (index, link) in links.enumerated()
            where link.link == allowed.link && (peer == nil || link.peer == peer) {
                ends[LinkID(index)] = allowed.kind
            }
        }
        return ends
    }

    /// What the first pass makes is the plan where nothing is wrong in it, as then it has met no
    /// name that it did not know yet.
    private mutating func sectionsOnceOrTwice() -> (preamble: [PlanStep], steps: [PlanStep]) {
        let told = log
        log = ProblemLog()
        let first = sections()
        let isWhole = log.isEmpty
        log = told
        if isWhole { return first }
        forgetAllButPeers()
        return sections()
    }

    private mutating func forgetAllButPeers() {
        links = []
        opened = []
        openings = [:]
        ended = []
        reopened = [:]
        listeners = []
        accounts = [:]
        named = []
        lack = nil
        nextStep = 0
        allowedByPreamble = []
        // Texts that name peers were made before the peers were known.
        drawnBefore = [:]
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
        let own = suite.requirements.level(of: requirement) ?? .must
        return [scenario.level, round.level, stepLevel].compactMap { $0 }.reduce(own, min)
    }
}
