// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// What cuts broke or hindered, each by the smallest cut that does.
extension TextLayout {
    mutating func addBreaks(of splitting: Splitting) {
        for found in splitting.breaks {
            add("\(found.cut.kind.heading) \(found.caseID)", colour: .red)
            field("violates", Self.violated(found.requirement, found.level))
            add(found.cut)
        }
        for found in splitting.ownBreaks {
            add("BROKEN BY ITS OWN SEGMENTS \(found.caseID)", colour: .red)
            field("violates", Self.violated(found.requirement, found.level))
            field(
                "that is",
                "it holds with each message in a segment of its own, and does not as its steps "
                    + "join or cut them")
            field("replay", lines: [found.replay])
            blank()
        }
        for found in splitting.hindrances {
            add("HINDERED BY A CUT \(found.caseID)", colour: .magenta)
            field(
                "that is",
                "it holds uncut, and does not come to what it is about when it is cut so")
            add(found.cut)
        }
    }

    private static func violated(_ requirement: String, _ level: Level) -> String {
        let weight = level == .must ? "" : " (a warning: the replay shows WARN and exits 0)"
        return "\(requirement) (\(level.rawValue))\(weight)"
    }

    private mutating func add(_ cut: ShrunkCut) {
        let end = cut.isUnfinished ? "; then the time was over, and a smaller one may do" : ""
        field(
            cut.isUnfinished ? "a cut" : "smallest", Self.smallest(cut.smallest, cut.places))
        field("found by", "\(cut.foundBy), then \(Self.runs(cut.trials)) to shrink it\(end)")
        field("replay", lines: [cut.replay])
        blank()
    }

    /// `name, cut behind byte 1 (at:1)`.
    private static func smallest(_ cut: SplitCut, _ places: [CutPlace]) -> String {
        let plan = cut.plan.description
        guard let first = places.first else {
            if cut.plan.joinedMessages == 1 { return "a message in several segments (\(plan))" }
            let form = cut.form.map { ", the later one of the form '\($0)'" } ?? ""
            return "messages in one segment\(form) (\(plan))"
        }
        let forms = Set(places.map(\.form))
        let offsets = Set(places.map(\.offset)).sorted()
        let shown = offsets.prefix(8).map(String.init).joined(separator: ", ")
        let more = offsets.count > 8 ? ", ..." : ""
        let what = forms.count == 1 ? "'\(first.form ?? "bytes that are no message")'" : "messages"
        let whose = cut.reach == .questions ? "the runner's own question " : ""
        return "\(whose)\(what), cut behind byte \(shown)\(more) (\(plan))"
    }

    private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }
}

extension ShrunkCut.Kind {
    fileprivate var heading: String {
        switch self {
        case .cut: "BROKEN BY A CUT"
        case .join: "BROKEN BY JOINED MESSAGES"
        case .straddle: "BROKEN BY A MESSAGE AND PART OF THE NEXT"
        }
    }
}
