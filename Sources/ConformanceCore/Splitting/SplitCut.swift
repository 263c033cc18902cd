// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// A plan, and what it is laid over.
package struct SplitCut: Hashable, Sendable, CustomStringConvertible {
    package var plan: CutPlan
    /// `nil`: all messages.
    package var form: String?
    package var reach: SplitReach

    package init(plan: CutPlan, form: String? = nil, reach: SplitReach = .everything) {
        self.plan = plan
        self.form = form
        self.reach = reach
    }

    package var description: String {
        form.map { "\(plan) in '\($0)'" } ?? plan.description
    }
}

/// Where a message was cut.
package struct CutPlace: Hashable, Sendable {
    /// `nil`: bytes that are no whole message.
    package var form: String?
    /// The cut is behind so many of its bytes.
    package var offset: Int

    package init(form: String?, offset: Int) {
        self.form = form
        self.offset = offset
    }
}

extension Transcript {
    /// How many bytes the runner has written, barriers included.
    package var bytesSent: Int {
        entries.reduce(0) { sum, entry in
            if case .sent(_, let bytes, _) = entry.event { sum + bytes.count } else { sum }
        }
    }

    /// The places at which messages were cut, each once, in the order of their first cut.
    package var cutPlaces: [CutPlace] {
        var seen: Set<CutPlace> = []
        return entries.compactMap { entry in
            guard case .cut(_, let form, let offset, _) = entry.event else { return nil }
            let place = CutPlace(form: form, offset: offset)
            return seen.insert(place).inserted ? place : nil
        }
    }

    /// The forms of all messages of the runner, each once.
    package var formsSent: [String] {
        var forms: [String] = []
        for entry in entries {
            if case .said(_, let form?, _, _) = entry.event, !forms.contains(form) {
                forms.append(form)
            }
        }
        return forms
    }

    /// The forms of the runner's own messages behind the preamble of `plan`, each once.
    package func formsSent(behindPreambleOf plan: Plan) -> [String] {
        let settled = plan.preamble.last?.id
        var isBehind = settled == nil
        var forms: [String] = []
        for entry in entries {
            switch entry.event {
            case .finished(let step, _): isBehind = isBehind || step == settled
            case .said(_, let form?, _, _) where isBehind && !forms.contains(form):
                forms.append(form)
            default: break
            }
        }
        return forms
    }
}
