// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Contents, patterns and cuts of a plan.
extension CaseBuilder {
    mutating func content(_ template: ContentTemplate, _ scope: Scope) -> TextPattern {
        switch template {
        case .text(let text): self.text(text, scope)
        case .bytes(let bytes): TextPattern([.literal(bytes)])
        case .json(let json): TextPattern([.literal(json.bytes { bytes($0, scope) })])
        }
    }

    mutating func transmission(_ template: StepTemplate, _ scope: Scope) -> Transmission {
        let pieces: [Transmission.Piece] =
            switch template.verb {
            case .send(let content): [.message(self.content(content, scope))]
            case .sendAll(let elements): elements.flatMap { self.pieces($0, scope) }
            case .sendBytes(let chunks): chunks.map { piece($0, scope) }
            default: []
            }
        return transmission(pieces, template, scope)
    }

    private mutating func transmission(
        _ pieces: [Transmission.Piece], _ template: StepTemplate, _ scope: Scope
    ) -> Transmission {
        for piece in pieces { checkFits(piece, at: template.position) }
        return Transmission(pieces: pieces, split: split(template, scope))
    }

    mutating func response(
        _ response: ResponseTemplate, _ template: StepTemplate, _ scope: Scope
    ) -> Response {
        let deed: Response.Deed
        switch response.deed {
        case .send(let elements):
            let pieces = elements.flatMap { self.pieces($0, scope) }
            deed = .transmit(transmission(pieces, template, scope))
        case .sendBytes(let chunks):
            let pieces = chunks.map { piece($0, scope) }
            deed = .transmit(transmission(pieces, template, scope))
        case .close: deed = .close
        case .reset: deed = .reset
        }
        return Response(
            to: pattern(response.to, scope), deed: deed, after: response.after,
            collects: response.collects, times: response.times)
    }

    private func checkFits(_ piece: Transmission.Piece, at position: SourcePosition) {
        guard !isLearningPeers, case .message(let text) = piece,
            let content = text.filled(with: [:])
        else { return }
        do {
            _ = try suite.document.framing.frame(content)
        } catch {
            log.note(error.description, at: position)
        }
    }

    private mutating func pieces(
        _ element: ContentListElement, _ scope: Scope
    ) -> [Transmission.Piece] {
        guard let each = element.each else { return [.message(content(element.content, scope))] }
        return rounds(each, scope).map { .message(content(element.content, $0.scope)) }
    }

    private mutating func piece(_ chunk: ByteChunk, _ scope: Scope) -> Transmission.Piece {
        switch chunk {
        case .text(let template): .raw(text(template, scope))
        case .bytes(let bytes): .raw(TextPattern([.literal(bytes)]))
        case .frame(let content, let from, let to):
            part(of: self.content(content, scope), from: from, to: to, scope)
        }
    }

    private mutating func part(
        of content: TextPattern, from: Template?, to: Template?, _ scope: Scope
    ) -> Transmission.Piece {
        let first = from.flatMap { number($0, scope) } ?? 0
        let end = to.flatMap { number($0, scope) }
        if let position = (from ?? to)?.position, !isLearningPeers {
            checkPart(of: content, from: first, to: end, at: position)
        }
        return .part(content, from: first, to: end)
    }

    /// What lies outside of its frame would be left out in the run without a word.
    private func checkPart(
        of content: TextPattern, from first: Int, to end: Int?, at position: SourcePosition
    ) {
        let last = end.map { String($0) } ?? "the last"
        let what = "bytes \(first) to \(last)"
        let advice =
            "'from' is the first byte, counted from 0, 'to' the one behind the last; negative "
            + "numbers count from the end"
        guard let content = content.filled(with: [:]) else {
            // How long the frame is, the run knows.
            guard let end, first >= end, (first < 0) == (end < 0) else { return }
            return log.note("\(what) are no part of a frame", at: position, advice: advice)
        }
        do {
            let count = try suite.document.framing.frame(content).bytes.count
            let start = first < 0 ? count + first : first
            let stop = end.map { $0 < 0 ? count + $0 : $0 } ?? count
            guard start < 0 || start >= stop || stop > count else { return }
            log.note(
                "\(what) are no part of this frame, which has \(count)", at: position,
                advice: advice)
        } catch {
            log.note(error.description, at: position)
        }
    }

    /// The step's own cut, else the scenario's (for its steps), else the run's.
    mutating func split(_ template: StepTemplate, _ scope: Scope) -> CutPlan {
        let own = template.split ?? (isPreamble ? nil : scenario.split)
        guard let own else {
            return reach.includesSteps(ofPreamble: isPreamble) ? runSplit ?? .whole : .whole
        }
        let text = String(decoding: bytes(own, scope), as: UTF8.self)
        do {
            return try CutPlan(parsing: text)
        } catch {
            if !isLearningPeers { log.note(error.description, at: own.position) }
            return .whole
        }
    }

    mutating func expected(_ element: ExpectedElement, _ scope: Scope) -> [ExpectedMessage] {
        let scopes = element.each.map { rounds($0, scope).map(\.scope) } ?? [scope]
        return scopes.map { scope in
            ExpectedMessage(
                link: openLink(element.peer, element.link, scope, at: element.position),
                pattern: pattern(element.pattern, scope), observes: element.observes)
        }
    }

    mutating func pattern(_ template: PatternTemplate, _ scope: Scope) -> Pattern {
        switch template {
        case .text(let text): .text(self.text(text, scope))
        case .bytes(let bytes): .text(TextPattern(bytes.isEmpty ? [] : [.literal(bytes)]))
        case .any: .any
        case .startsWith(let text): .startsWith(self.text(text, scope))
        case .endsWith(let text): .endsWith(self.text(text, scope))
        case .contains(let text): .contains(self.text(text, scope))
        case .not(let refused): .not(pattern(refused, scope))
        case .frame(let inner): .frame(pattern(inner, scope))
        case .items(let items): .items(self.items(items, scope))
        case .json(let json): .json(json.map { self.text($0, scope) })
        case .anyOf(let alternatives):
            .anyOf(
                alternatives.map {
                    Accepted(
                        pattern: pattern($0.pattern, scope), label: $0.label,
                        tolerated: $0.tolerated)
                })
        }
    }

    private mutating func items(_ template: ItemsTemplate, _ scope: Scope) -> ItemsPattern {
        ItemsPattern(
            separator: template.separator, prefix: template.prefix.map { text($0, scope) },
            contains: template.contains.map { text($0, scope) },
            lacks: template.lacks.map { text($0, scope) }, only: template.only,
            ignoresEmpty: template.ignoresEmpty, trims: template.trims)
    }
}
