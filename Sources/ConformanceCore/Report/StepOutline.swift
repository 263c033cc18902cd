// SPDX-License-Identifier: Apache-2.0

import Specs

extension Plan {
    /// All steps as people read them, one a line; what only one way on holds stands below it,
    /// indented.
    package var outline: [String] {
        var lines: [String] = []
        var pending = (preamble + steps).reversed().map { OutlineItem.step($0, depth: 0) }
        while let item = pending.popLast() {
            switch item {
            case .line(let text, let depth): lines.append(Self.indented(text, depth))
            case .step(let step, let depth):
                let mark = step.isPreamble && depth == 0 ? "(preamble) " : ""
                let held = items(of: step, depth: depth + 1)
                let ending = held.isEmpty ? "" : ":"
                lines.append(Self.indented(mark + step.described(in: self) + ending, depth))
                pending += held.reversed()
            }
        }
        return lines
    }

    private enum OutlineItem {
        case line(String, depth: Int)
        case step(PlanStep, depth: Int)
    }

    private static func indented(_ text: String, _ depth: Int) -> String {
        String(repeating: "  ", count: depth) + text
    }

    private func items(of step: PlanStep, depth: Int) -> [OutlineItem] {
        switch step.action {
        case .choose(_, let alternatives, _):
            alternatives.flatMap { alternative in
                [.line(alternative.shown, depth: depth)]
                    + alternative.steps.map { OutlineItem.step($0, depth: depth + 1) }
            }
        case .together(let groups):
            groups.enumerated().flatMap { number, steps in
                [.line("group \(number + 1)", depth: depth)]
                    + steps.map { OutlineItem.step($0, depth: depth + 1) }
            }
        default: []
        }
    }
}

extension Alternative {
    /// What came, and how reports call it.
    fileprivate var shown: String {
        let name = label.map { " (\"\($0)\")" } ?? ""
        let reason = tolerated.map { ", tolerated: \($0)" } ?? ""
        return "- \(outcome.accepted([:]).joined(separator: ", then "))\(name)\(reason)"
    }
}
