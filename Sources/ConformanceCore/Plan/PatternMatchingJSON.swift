// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs

extension Pattern {
    /// Whether the message is this; says what `match` says, and does not explain.
    package func accepts(_ candidate: Candidate, bound: [String: [UInt8]] = [:]) -> Match? {
        switch self {
        case .json(let json):
            guard let node = candidate.value,
                case .matched(let bound) = json.match(node, bound: bound)
            else { return nil }
            return Match(bound: bound)
        case .anyOf(let alternatives):
            for alternative in alternatives {
                guard var match = alternative.pattern.accepts(candidate, bound: bound) else {
                    continue
                }
                match.label = alternative.label ?? match.label
                match.tolerated = alternative.tolerated ?? match.tolerated
                return match
            }
            return nil
        case .any, .text, .startsWith, .endsWith, .contains, .items, .not, .frame:
            guard case .matched(let match) = compare(candidate, bound) else { return nil }
            return match
        }
    }

    func matchJSON(
        _ json: JSONPattern<TextPattern>, _ candidate: Candidate, _ bound: [String: [UInt8]]
    ) -> PatternOutcome {
        let node: JSONNode
        do throws(JSONError) {
            node = try candidate.read()
        } catch {
            return .mismatched(
                Mismatch(
                    accepted: [], firstDifference: error.position.offset,
                    reason: "it is not JSON: \(error.message)"))
        }
        switch json.match(node, bound: bound) {
        case .matched(let bound): return .matched(Match(bound: bound))
        case .departed(let departure):
            // Positions are those of the stream; the message begins where its value does.
            let offset = departure.offset - node.position.offset
            let isInside = (0...candidate.payload.count).contains(offset)
            return .mismatched(
                Mismatch(
                    accepted: [], firstDifference: isInside ? offset : nil,
                    reason: departure.sentence(bound), path: departure.shownPath))
        }
    }
}

extension Candidate {
    fileprivate var value: JSONNode? { try? read() }

    fileprivate func read() throws(JSONError) -> JSONNode {
        if let json { return json }
        return try JSONReader.parse(whole: payload)
    }
}
