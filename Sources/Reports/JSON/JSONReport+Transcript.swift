// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import JSONText
import Specs

/// A transcript is written so that it can be read by people from top to bottom, and so that it
/// can be judged again: connections are called by their labels, steps and messages by numbers.
extension JSONReport {
    func write(_ transcript: Transcript, of plan: Plan, to object: inout JSONObjectWriter) {
        object.member("conduct", plan.conduct)
        if transcript.omittedBytes > 0 { object.member("omittedBytes", transcript.omittedBytes) }
        object.array("links") { list in
            for link in plan.links(in: transcript) {
                list.object { object in
                    object.member("label", link.label)
                    object.member("peer", link.peer)
                    object.member("link", link.link)
                    object.bytes("name", link.name)
                }
            }
        }
        object.array("steps") { list in
            for step in plan.allSteps { list.object { write(step, of: plan, to: &$0) } }
        }
        object.array("entries") { list in
            for entry in transcript.entries {
                list.object { object in
                    object.member("timeNs", Int(entry.time))
                    TranscriptEventWriter(plan: plan, transcript: transcript)
                        .write(entry.event, to: &object)
                }
            }
        }
    }

    private func write(_ step: PlanStep, of plan: Plan, to object: inout JSONObjectWriter) {
        object.member("id", step.id.number)
        object.member("text", step.described(in: plan))
        object.member("requirement", step.requirement)
        object.member("level", step.level.rawValue)
        object.member("preamble", step.isPreamble)
        object.position(step.position)
    }
}

extension Plan {
    /// Its connections, without those that would have been opened again had the server ended them.
    fileprivate func links(in transcript: Transcript) -> [PlannedLink] {
        guard links.contains(where: { $0.follows != nil }) else { return links }
        let opened = transcript.entries.compactMap { entry -> LinkID? in
            if case .connecting(let link) = entry.event { link } else { nil }
        }
        return links.indices.filter { links[$0].follows == nil || opened.contains(LinkID($0)) }
            .map { links[$0] }
    }
}
