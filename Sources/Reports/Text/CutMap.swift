// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// At which offsets of which message forms cuts were proven, as a table.
struct CutMap {
    private let cuts: [Coverage.CutCoverage]

    init(_ cuts: [Coverage.CutCoverage]) { self.cuts = cuts }

    func add(to layout: inout TextLayout) {
        guard !cuts.isEmpty else { return }
        let heads = ["offsets", "proven", "cuts"]
        let width = max(12, layout.style.width - heads.count * Self.column - Self.mapWidth)
        layout.addUnwrapped(
            TextLayout.padded("message form", to: width)
                + heads.map { TextLayout.aligned($0, to: Self.column) }.joined()
                + "  proven where", colour: .faint)
        for cut in cuts { layout.addUnwrapped(line(cut, width)) }
        layout.blank()
    }

    private static let column = 9
    private static let mapWidth = 44

    private func line(_ cut: Coverage.CutCoverage, _ width: Int) -> String {
        let name = TextLayout.shortened(
            TextLayout.visible(cut.form ?? "(no whole message)"), to: width - 1)
        let proven = cut.offsets.reduce(0) { $0 + $1.count }
        let all = cut.longest > 1 ? "\(proven)/\(cut.longest - 1)" : "\(proven)"
        let share = cut.planned == 0 ? 0 : cut.proven * 1000 / cut.planned
        let cells = [all, "\(share / 10).\(share % 10) %", "\(cut.planned)"]
        return TextLayout.padded(name, to: width)
            + cells.map { TextLayout.aligned($0, to: Self.column) }.joined()
            + "  " + Self.ranges(cut.offsets, within: Self.mapWidth - 4)
    }

    private static func ranges(_ ranges: [ClosedRange<Int>], within width: Int) -> String {
        guard !ranges.isEmpty else { return "nowhere" }
        var text = ""
        for (index, range) in ranges.enumerated() {
            let next =
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
            let separator = index == 0 ? "" : ", "
            guard text.utf8.count + separator.utf8.count + next.utf8.count <= width - 5 else {
                return text + ", ..."
            }
            text += separator + next
        }
        return text
    }
}
