// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// Many scenarios in few words: `framing.partial[at=2-199]`.
enum CaseList {
    /// Names all scenarios, cases of one scenario together; `most` bounds what is named of each.
    static func names(_ scenarios: [ScenarioReport], most: Int = 12) -> String {
        var order: [String] = []
        var labels: [String: [String]] = [:]
        for scenario in scenarios {
            let id = scenario.plan.scenarioID
            if labels[id] == nil { order.append(id) }
            labels[id, default: []].append(String(scenario.id.dropFirst(id.count)))
        }
        let named = order.prefix(most).map { $0 + cases(labels[$0] ?? [], most: most) }
        let more = order.count > most ? ", and \(order.count - most) more scenarios" : ""
        return named.joined(separator: ", ") + more
    }

    /// The labels of one scenario's cases (`[at=2]`), numbers that follow each other as a range.
    static func cases(_ labels: [String], most: Int = 12) -> String {
        guard labels.count > 1 else { return labels.first ?? "" }
        var runs: [Run] = []
        for label in labels {
            let next = Run(label)
            if let last = runs.last, let joined = last.followed(by: next) {
                runs[runs.count - 1] = joined
            } else {
                runs.append(next)
            }
        }
        let more = runs.count > most ? ", …" : ""
        return shared(Array(runs.prefix(most)), more)
    }

    /// What all labels begin and end with is written once.
    private static func shared(_ runs: [Run], _ more: String) -> String {
        guard let first = runs.first,
            runs.allSatisfy({ $0.head == first.head && $0.tail == first.tail && $0.range != nil })
        else { return " " + runs.map(\.description).joined(separator: ", ") + more }
        let ranges = runs.map(\.rangeText).joined(separator: ",")
        return first.head + ranges + more + first.tail
    }

    /// A label around a number, and how far that number goes.
    private struct Run: CustomStringConvertible {
        var head: String
        var range: ClosedRange<Int>?
        var tail: String

        init(_ label: String) {
            let digits = label.lastIndex(of: "=").map(label.index(after:)) ?? label.endIndex
            let end = label[digits...].firstIndex { !$0.isASCII || !$0.isNumber } ?? label.endIndex
            head = String(label[..<digits])
            range = Int(label[digits..<end]).map { $0...$0 }
            tail = String(label[end...])
        }

        func followed(by next: Run) -> Run? {
            guard let range, let other = next.range, head == next.head, tail == next.tail,
                range.upperBound < Int.max, other.lowerBound == range.upperBound + 1
            else { return nil }
            var run = self
            run.range = range.lowerBound...other.upperBound
            return run
        }

        var rangeText: String {
            guard let range else { return "" }
            return range.count == 1
                ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }

        var description: String { head + rangeText + tail }
    }
}
