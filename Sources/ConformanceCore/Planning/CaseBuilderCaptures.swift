// SPDX-License-Identifier: Apache-2.0

import Specs

/// Captures that are sent, which a message must have bound.
extension CaseBuilder {
    /// Notes each capture that is sent, or looked for in files, and that nothing before binds:
    /// nothing would stand in its place.
    ///
    /// Any way through alternatives may have bound it, and any group of `together`.
    func noteUnbound(_ steps: [PlanStep], allowed: [Pattern]) {
        // What binds it may be among what could not be read.
        guard !isLearningPeers, !scenario.isDamaged else { return }
        var all = Plan.unfolded(steps).reduce(into: Set<String>()) {
            $0.formUnion($1.action.boundCaptures)
        }
        guard Plan.unfolded(steps).contains(where: { !$0.action.sentCaptures.isEmpty }) else {
            return
        }
        var bound = allowed.reduce(into: Set<String>()) { $0.formUnion($1.captures) }
        all.formUnion(bound)
        noteUnbound(steps, bound: &bound, anywhere: all)
    }

    private func noteUnbound(
        _ steps: [PlanStep], bound: inout Set<String>, anywhere all: Set<String>
    ) {
        for step in steps {
            bound.formUnion(step.action.boundCaptures)
            // A standing answer is given when steps behind it have bound more.
            var known = bound
            if case .respond = step.action { known = all }
            for name in step.action.sentCaptures.subtracting(known).sorted() {
                noteUnbound(name, at: step.position, known: known)
            }
            switch step.action {
            case .choose(_, let alternatives, _):
                for alternative in alternatives {
                    noteUnbound(alternative.steps, bound: &bound, anywhere: all)
                }
            case .together(let groups):
                for inner in Plan.unfolded(groups.flatMap { $0 }) {
                    bound.formUnion(inner.action.boundCaptures)
                }
                for group in groups { noteUnbound(group, bound: &bound, anywhere: all) }
            default: break
            }
        }
    }

    private func noteUnbound(_ name: String, at position: SourcePosition, known: Set<String>) {
        // What stands for a port or an address is bound by the run.
        guard !["port:", "host:"].contains(where: { name.hasPrefix($0) }) else { return }
        log.note(
            "no message before this step binds '{{\(name)}}'", at: position,
            advice: known.isEmpty
                ? "write it in what an earlier step expects; a declared value is ${\(name)}"
                : NodeReader.choice(of: known.sorted(), near: name))
    }
}

extension PlanAction {
    /// Captures that the messages bind for which this step itself waits.
    fileprivate var boundCaptures: Set<String> {
        let patterns: [Pattern] =
            switch self {
            case .expect(_, let pattern, _): [pattern]
            case .expectAll(let messages): messages.map(\.pattern)
            case .choose(_, let alternatives, _): alternatives.flatMap(\.outcome.patterns)
            case .eventually(_, _, let outcome): outcome.patterns
            case .respond(_, let responses): responses.map(\.to)
            default: []
            }
        return patterns.reduce(into: []) { $0.formUnion($1.captures) }
    }

    /// Captures in what this step itself sends or looks for.
    fileprivate var sentCaptures: Set<String> {
        let texts: [TextPattern] =
            switch self {
            case .transmit(_, let transmission), .eventually(_, let transmission, _):
                transmission.texts
            case .respond(_, let responses): responses.flatMap(\.texts)
            case .fill(_, _, let content, _): [content]
            case .expectFiles(let texts, _): texts
            default: []
            }
        return texts.reduce(into: []) { $0.formUnion($1.captures) }
    }
}

extension Transmission {
    fileprivate var texts: [TextPattern] {
        pieces.map { piece in
            switch piece {
            case .message(let text), .raw(let text), .part(let text, _, _): text
            }
        }
    }
}

extension Response {
    fileprivate var texts: [TextPattern] {
        switch deed {
        case .transmit(let transmission): transmission.texts
        case .close, .reset: []
        }
    }
}

extension TextPattern {
    fileprivate var captures: [String] {
        parts.compactMap { part in
            if case .capture(let name) = part { name } else { nil }
        }
    }
}

extension Pattern {
    /// Recursion as deep as the file that the pattern was read from.
    fileprivate var captures: [String] {
        switch self {
        case .text(let text), .startsWith(let text), .endsWith(let text), .contains(let text):
            text.captures
        case .any: []
        case .items(let items):
            ([items.prefix].compactMap { $0 } + items.contains + items.lacks).flatMap(\.captures)
        case .not(let inner), .frame(let inner): inner.captures
        case .anyOf(let alternatives): alternatives.flatMap(\.pattern.captures)
        case .json(let json): json.captures
        }
    }
}

extension JSONPattern<TextPattern> {
    fileprivate var captures: [String] {
        var found: [String] = []
        _ = map { text in
            found += text.captures
            return text
        }
        return found
    }
}
