// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// What names stand for: iteration variables, declared values, features, peers.
extension CaseBuilder {
    /// The text with its values; captures stay gaps.
    mutating func text(_ template: Template, _ scope: Scope) -> TextPattern {
        var parts: [TextPattern.Part] = []
        func append(_ bytes: [UInt8]) {
            if case .literal(let before)? = parts.last {
                parts[parts.count - 1] = .literal(before + bytes)
            } else {
                parts.append(.literal(bytes))
            }
        }
        for part in template.parts {
            switch part {
            case .literal(let bytes): append(bytes)
            case .capture(let name): parts.append(.capture(name))
            case .value(let name):
                let name = bytes(name, scope)
                if let place = placeCapture(name, at: template.position) {
                    parts.append(.capture(place))
                } else {
                    append(value(name, scope, at: template.position))
                }
            }
        }
        return TextPattern(parts)
    }

    /// The text where it may hold no capture.
    mutating func bytes(_ template: Template, _ scope: Scope) -> [UInt8] {
        if let literal = template.literal { return literal }
        if let filled = text(template, scope).filled(with: [:]) { return filled }
        log.note("a capture cannot stand here", at: template.position)
        return []
    }

    /// No number of a scenario is farther from 0, so that none overflows where it is counted with.
    private static var numbers: ClosedRange<Int> { -1_000_000_000...1_000_000_000 }

    /// So many characters or bytes of a text can be drawn.
    private static var sizes: ClosedRange<Int> { 0...1 << 20 }

    /// A whole number; `isKnown` where nothing of it can depend on peers that speak later.
    mutating func number(_ template: Template, _ scope: Scope, isKnown: Bool = false) -> Int? {
        let digits = bytes(template, scope)
        // What is missing was told when the file was read.
        let isMissing = template.parts.isEmpty && scenario.isDamaged
        let isTold = (isKnown || !isLearningPeers) && !isMissing
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
            if isTold {
                log.note("\(ByteEscaping.quoted(digits)) is no whole number", at: template.position)
            }
            return nil
        }
        guard Self.numbers.contains(number) else {
            if isTold { noteRange(number, Self.numbers, at: template.position) }
            return nil
        }
        return number
    }

    /// How many characters or bytes are drawn.
    private mutating func size(_ template: Template) -> Int? {
        guard let number = number(template, round.scope) else { return nil }
        guard Self.sizes.contains(number) else {
            if !isLearningPeers { noteRange(number, Self.sizes, at: template.position) }
            return nil
        }
        return number
    }

    private func noteRange(
        _ number: Int, _ possible: ClosedRange<Int>, at position: SourcePosition
    ) {
        log.note(
            "\(number) is out of range", at: position,
            advice: "it may be \(possible.lowerBound) to \(possible.upperBound)")
    }

    private mutating func value(
        _ nameBytes: [UInt8], _ scope: Scope, at position: SourcePosition
    ) -> [UInt8] {
        let name = String(decoding: nameBytes, as: UTF8.self)
        if let bound = scope.variables[name] ?? own(name, scope) { return bound }
        if let declared = scenario.values.first(where: { $0.name == name }) {
            return drawn(declared, at: position)
        }
        if let fill = Self.fill(nameBytes) { return fill }
        if let host = host(name, at: position) { return host }
        if let feature = system.features[name] { return Array(feature.utf8) }
        if let need = Need(rawValue: name), scenario.needs.contains(need) { return [] }
        if peers.contains(name) { return peerName(name) }
        if let password = password(name) { return password }
        if !isLearningPeers { noteUndeclared(name, scope, at: position) }
        return []
    }

    /// `fill:200` is 200 times `x`; `fill:200:[` is 200 times `[`.
    private static func fill(_ name: [UInt8]) -> [UInt8]? {
        let parts = name.split(
            separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0].elementsEqual("fill".utf8),
            let count = Int(String(decoding: parts[1], as: UTF8.self)),
            (0...1 << 20).contains(count), parts.count == 2 || parts[2].count == 1
        else { return nil }
        return Array(
            repeating: parts.count == 3 ? parts[2][parts[2].startIndex] : 0x78, count: count)
    }

    mutating func peerName(_ peer: String) -> [UInt8] {
        let label = "peer \(peer)"
        named.insert(peer)
        if let before = drawnBefore[label] { return before }
        let known = suite.document.accounts == nil ? nil : account(of: peer)?.name
        let name = known ?? values.draw(suite.document.peerNames, for: label)
        drawnBefore[label] = name
        return name
    }

    private func noteUndeclared(_ name: String, _ scope: Scope, at position: SourcePosition) {
        let known = scenario.values.map(\.name) + scope.variables.keys.sorted() + peers
        log.note(
            "'${\(name)}' is declared nowhere", at: position,
            advice: known.isEmpty
                ? "declare it in 'values'" : NodeReader.choice(of: known, near: name))
    }

    private mutating func drawn(_ declared: NamedValue, at position: SourcePosition) -> [UInt8] {
        guard !resolving.contains(declared.name) else {
            log.note("'${\(declared.name)}' is made of itself", at: declared.position)
            return []
        }
        let label = "value \(declared.name)"
        if let before = drawnBefore[label] { return before }
        resolving.append(declared.name)
        let value = draw(declared.value, for: label, of: declared)
        resolving.removeLast()
        drawnBefore[label] = value
        return value
    }

    private mutating func draw(
        _ value: ValueTemplate, for label: String, of declared: NamedValue
    ) -> [UInt8] {
        switch value {
        case .text(let template):
            return bytes(template, round.scope)
        case .otherCase(let template):
            return otherCase(bytes(template, round.scope), of: declared)
        case .generated(let generator, nil):
            return values.draw(generator, for: label)
        case .generated(let generator, let length?):
            return values.draw(generator, for: label, length: size(length) ?? 0)
        case .filling(let generator, let behind, let total):
            let before = bytes(behind, round.scope).count
            guard let whole = size(total) else { return [] }
            if whole <= before, !isLearningPeers {
                log.note("nothing is left for '\(declared.name)'", at: declared.position)
            }
            return values.draw(generator, for: label, bytes: whole - before)
        }
    }

    /// The connection that a step speaks of; new ones get the next number.
    mutating func link(
        _ peer: Template?, _ link: String, _ scope: Scope, at position: SourcePosition
    ) -> LinkID {
        let name = self.peer(peer, scope)
        if let index = links.firstIndex(where: { $0.peer == name && $0.link == link }) {
            return LinkID(index)
        }
        let kind = suite.document.links[link] == nil ? StepTemplate.mainLink : link
        links.append(PlannedLink(peer: name, link: link, name: [], kind: kind))
        return LinkID(links.count - 1)
    }

    /// The peer that a step names, which is known from now on.
    mutating func peer(_ template: Template?, _ scope: Scope) -> String {
        let name = template.map { String(decoding: bytes($0, scope), as: UTF8.self) } ?? ""
        if !peers.contains(name) { peers.append(name) }
        return name
    }

    /// The same, where an earlier step must have opened it.
    mutating func openLink(
        _ peer: Template?, _ name: String, _ scope: Scope, at position: SourcePosition
    ) -> LinkID {
        let id = link(peer, name, scope, at: position)
        // A step that connects may be among those that could not be read.
        let isUnread = isAnybodyUnread || unread.contains(links[id.index].peer)
        if !opened.contains(id), !isLearningPeers, !isUnread {
            let label = links[id.index].label
            let known = opened.sorted().compactMap {
                $0.index < links.count ? links[$0.index].label : nil
            }
            log.note(
                "unknown peer '\(label)': no step before this one connects it", at: position,
                advice: known.isEmpty
                    ? "begin with 'connect' or a procedure that connects"
                    : NodeReader.choice(of: known, near: label))
            opened.insert(id)
        }
        return id
    }
}
