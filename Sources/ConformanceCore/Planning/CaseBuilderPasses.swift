// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// The whole plan, in one pass or two.
extension CaseBuilder {
    mutating func plan() -> Plan {
        servers = scenario.servers.map { PlannedServer(name: $0.name) }
        isLearningPeers = false
        let (preamble, steps) = sectionsOnceOrTwice()
        writeFiles()
        let allow = scenario.allow.map { pattern($0, round.scope) } + allowedByPreamble
        let allowedEnds = allowedEnds()
        noteUnbound(preamble + steps, allowed: allow)
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
        silenced = []
        unread = []
        isAnybodyUnread = false
        unfolded = 0
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
}
