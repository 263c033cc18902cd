// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs

/// The first plan of a run: peers ask, so that barriers are known to work or not.
package enum ProbePlan {
    /// One peer connects and one enters, where the protocol has a way to and there is something to
    /// ask before; each expects nothing: that is, a barrier's answer.
    package static func plan(for planner: Planner) -> Plan? {
        let document = planner.suite.document
        let canEnter = document.procedures["enter"] != nil
        let canAskBefore =
            document.barrier(in: document.states.initial, link: StepTemplate.mainLink) != nil
        var steps: [String] = []
        if canAskBefore || !canEnter { steps.append(ask("visitor", #""connect": true"#)) }
        if canEnter { steps.append(ask("probe", #""do": "enter""#)) }
        if canEnter, planner.system.canProbeTwice(document) {
            steps.append(#"{"peer": "other", "do": "enter"}"#)
            steps += relayedLinks(document).map {
                #"{"peer": "probe", "link": "\#($0)", "expectNothing": true}"#
            }
        }
        let text = """
            {"topic": "probe", "scenarios": [{
              "id": "probe", "title": "What the server answers", "requirements": ["probe"],
              "steps": [\(steps.joined(separator: ", "))]
            }]}
            """
        guard let node = try? JSONReader.parse(whole: Array(text.utf8), duplicateKeys: .refuse)
        else { return nil }
        let topic = ScenarioReader.topic(reading: node, file: "probe", log: ProblemLog())
        return topic.scenarios.first.flatMap { planner.plans($0, topic: topic.title).first }
    }

    private static func ask(_ peer: String, _ entrance: String) -> String {
        #"{"peer": "\#(peer)", \#(entrance)}, {"peer": "\#(peer)", "expectNothing": true}"#
    }

    /// Connections that are there after entering and for which somebody else has to ask.
    private static func relayedLinks(_ document: ProtocolDocument) -> [String] {
        let opened = (document.procedures["enter"]?.steps ?? []).compactMap { step -> String? in
            if case .accept(let accept) = step.verb { accept.link } else { nil }
        }
        return opened.filter { link in
            document.barriers.contains { $0.link == link && $0.through != nil }
        }
    }

    /// What the probe's transcript shows of the server.
    ///
    /// A request that is not answered in one state is not relied upon in any other either.
    package static func knowledge(
        from transcript: Transcript, _ learned: RunKnowledge, of plan: Plan
    ) -> RunKnowledge {
        var knowledge = learned
        let document = plan.document
        for (index, entry) in transcript.entries.enumerated() {
            guard case .barrierSent(let link, _) = entry.event else { continue }
            let rest = transcript.entries[(index + 1)...]
            guard !isAnswered(link, in: rest) else { continue }
            let kind = plan.links[link.index].kind
            // Who can ask nothing has said nothing either.
            let state = state(said: rest, on: link) ?? document.firstState(of: kind)
            let barrier = document.barrier(in: state, link: kind)
            knowledge.brokenBarriers.formUnion(
                document.states.names.filter { document.barrier(in: $0, link: kind) == barrier })
        }
        return knowledge
    }

    /// Whether the barrier was answered, and who asked in its place told so, before the next one.
    private static func isAnswered(
        _ link: LinkID, in rest: ArraySlice<TranscriptEntry>
    ) -> Bool {
        var asker: LinkID?
        if case .relayed(link, let other)? = rest.first?.event { asker = other }
        return rest.contains { later in
            if case .barrierAnswered(link, _) = later.event { true } else { false }
        }
            && rest.contains { later in
                guard let asker else { return true }
                if case .confirmed(asker, _) = later.event { return true }
                return false
            }
    }

    /// The session's state when the next message of this connection was sent.
    private static func state(said entries: ArraySlice<TranscriptEntry>, on link: LinkID) -> String?
    {
        for entry in entries {
            if case .said(link, _, let state, _) = entry.event { return state }
        }
        return nil
    }
}

extension SystemUnderTest {
    /// Whether two peers can enter at once.
    fileprivate func canProbeTwice(_ document: ProtocolDocument) -> Bool {
        document.accounts == nil || accounts.count > 1
    }
}
