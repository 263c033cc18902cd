// SPDX-License-Identifier: Apache-2.0

package import Specs

/// Gathers coverage from what was run.
package struct CoverageCounter {
    private let suite: Suite
    private var verdicts: [String: Verdict] = [:]
    private var scenarios: [String: [String]] = [:]
    private var states: [StateKey: Int] = [:]
    private var cuts: [String?: CutCount] = [:]
    private var longest: [String: Int] = [:]

    private struct FormKey: Hashable {
        var direction: Direction
        var form: String
    }

    private struct StateKey: Hashable {
        var state: String
        var direction: Direction
        var form: String
    }

    private struct CutCount {
        var planned = 0
        var proven = 0
        var provenOffsets: Set<Int> = []
        var unprovenOffsets: Set<Int> = []

        mutating func count(_ offset: Int, isProven: Bool) {
            planned += 1
            guard isProven else {
                unprovenOffsets.insert(offset)
                return
            }
            proven += 1
            provenOffsets.insert(offset)
        }
    }

    package init(suite: Suite) {
        self.suite = suite
    }

    /// Counts one judged plan.
    package mutating func add(_ plan: Plan, _ judgement: Judgement, _ transcript: Transcript?) {
        for id in plan.requirements {
            guard let verdict = verdict(of: id, in: plan, judgement) else { continue }
            verdicts[id] = verdicts[id].map { Self.worse($0, verdict) } ?? verdict
            if scenarios[id]?.last != plan.scenarioID {
                scenarios[id, default: []].append(plan.scenarioID)
            }
        }
        for choice in judgement.observed where verdicts[choice.requirement] == nil {
            verdicts[choice.requirement] = .observed
        }
        if let transcript { count(transcript) }
    }

    /// Counts the messages, states and cuts of a run that has no say in what requirements come to.
    package mutating func add(touchedBy transcript: Transcript) { count(transcript) }

    /// A scenario that fails for one of its requirements says nothing against the others.
    ///
    /// `nil` where it says nothing at all: what is only observed covers no requirement that is
    /// judged, and something else than what was looked for is no observation.
    private func verdict(of id: String, in plan: Plan, _ judgement: Judgement) -> Verdict? {
        let isOpen = suite.requirements[id]?.level == .open
        switch judgement.verdict {
        case .fail, .warn:
            if judgement.findings.contains(where: { $0.requirement == id }) {
                return judgement.verdict
            }
            return id == plan.primaryRequirement ? .pass : .inconclusive
        case .pass: return isOpen ? .observed : .pass
        case .observed:
            guard isOpen else { return nil }
            return judgement.findings.contains { $0.requirement == id } ? .inconclusive : .observed
        case .inconclusive, .skipped, .error: return judgement.verdict
        }
    }

    private static func worse(_ one: Verdict, _ other: Verdict) -> Verdict {
        let order: [Verdict] = [.skipped, .pass, .observed, .inconclusive, .warn, .fail, .error]
        let left = order.firstIndex(of: one) ?? 0
        let right = order.firstIndex(of: other) ?? 0
        return left >= right ? one : other
    }

    private mutating func count(_ transcript: Transcript) {
        for entry in transcript.entries {
            switch entry.event {
            case .said(_, let form?, let state, let payload):
                count(form, .client, in: state)
                let length = (try? suite.document.framing.frame(payload))?.bytes.count ?? 0
                longest[form] = max(longest[form] ?? 0, length)
            case .message(let number):
                let message = transcript.messages[number]
                if let form = message.form { count(form, .server, in: message.state) }
            case .cut(_, let form, let offset, let proven):
                cuts[form, default: CutCount()].count(offset, isProven: proven)
            default: break
            }
        }
    }

    private mutating func count(_ form: String, _ direction: Direction, in state: String) {
        states[StateKey(state: state, direction: direction, form: form), default: 0] += 1
    }

    /// What has been covered, forms and states that were never met included.
    package var coverage: Coverage {
        let forms = forms
        return Coverage(
            requirements: suite.requirements.all.map {
                .init(requirement: $0, verdict: verdicts[$0.id], scenarios: scenarios[$0.id] ?? [])
            },
            forms: suite.document.forms.all.map {
                let key = FormKey(direction: $0.direction, form: $0.name)
                return .init(direction: $0.direction, form: $0.name, count: forms[key] ?? 0)
            },
            states: allStates, cuts: allCuts)
    }

    /// How often each form came, in whatever state.
    private var forms: [FormKey: Int] {
        states.reduce(into: [:]) { forms, entry in
            let key = FormKey(direction: entry.key.direction, form: entry.key.form)
            forms[key, default: 0] += entry.value
        }
    }

    private var allStates: [Coverage.StateCoverage] {
        suite.document.states.names.flatMap { state in
            suite.document.forms.all
                .filter { $0.states.isEmpty || $0.states.contains(state) }
                .map { form in
                    let key = StateKey(state: state, direction: form.direction, form: form.name)
                    return .init(
                        state: state, direction: form.direction, form: form.name,
                        count: states[key] ?? 0)
                }
        }
    }

    private var allCuts: [Coverage.CutCoverage] {
        cuts.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { form, count in
            Coverage.CutCoverage(
                form: form, planned: count.planned, proven: count.proven,
                offsets: Self.ranges(count.provenOffsets),
                unproven: Self.ranges(count.unprovenOffsets.subtracting(count.provenOffsets)),
                longest: form.flatMap { longest[$0] } ?? 0)
        }
    }

    private static func ranges(_ offsets: Set<Int>) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for offset in offsets.sorted() {
            if let last = ranges.last, last.upperBound + 1 == offset {
                ranges[ranges.count - 1] = last.lowerBound...offset
            } else {
                ranges.append(offset...offset)
            }
        }
        return ranges
    }
}
