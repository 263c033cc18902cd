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
    /// Connections on which the peer sends no more where the step stands.
    var silenced: Set<LinkID> = []
    /// Peers that a step that could not be read may have connected.
    var unread: Set<String> = []
    /// Such a step may have connected anybody.
    var isAnybodyUnread = false
    /// Rounds that the case has been unfolded to.
    var unfolded = 0
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

    /// The weight of what is said about `requirement` here: it may be lowered, never raised.
    func level(of requirement: String, stepLevel: Level?) -> Level {
        let own = suite.requirements.level(of: requirement) ?? .must
        return [scenario.level, round.level, stepLevel].compactMap { $0 }.reduce(own, min)
    }
}
