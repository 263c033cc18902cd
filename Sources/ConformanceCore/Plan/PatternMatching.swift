// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

extension Pattern {
    /// Compares in linear time for each alternative.
    package func match(_ candidate: Candidate, bound: [String: [UInt8]] = [:]) -> PatternOutcome {
        let outcome = compare(candidate, bound)
        guard case .mismatched(var mismatch) = outcome else { return outcome }
        mismatch.accepted = accepted(bound)
        return .mismatched(mismatch)
    }

    /// As `match`, but for what would have been accepted, which takes longer to say than to see.
    func compare(_ candidate: Candidate, _ bound: [String: [UInt8]]) -> PatternOutcome {
        let payload = candidate.payload
        switch self {
        case .any:
            return .matched(Match(bound: bound))
        case .text(let text):
            switch text.match(payload, bound: bound) {
            case .matched(let bound): return .matched(Match(bound: bound))
            case .departed(let offset):
                return mismatch(at: offset, nearest: text.filled(with: bound))
            }
        case .startsWith(let text):
            guard let prefix = text.filled(with: bound) else { return neverBound }
            if payload.starts(with: prefix) { return .matched(Match(bound: bound)) }
            let offset = zip(payload, prefix).prefix { $0 == $1 }.count
            return mismatch(at: offset, nearest: prefix)
        case .endsWith(let text):
            guard let suffix = text.filled(with: bound) else { return neverBound }
            if payload.suffix(suffix.count).elementsEqual(suffix) {
                return .matched(Match(bound: bound))
            }
            return mismatch(at: nil, nearest: nil)
        case .contains(let text):
            guard let part = text.filled(with: bound) else { return neverBound }
            if TextPattern.firstIndex(of: part, in: payload) != nil {
                return .matched(Match(bound: bound))
            }
            return mismatch(at: nil, nearest: nil)
        case .items(let items):
            guard let reason = items.fault(in: payload, bound: bound) else {
                return .matched(Match(bound: bound))
            }
            return .mismatched(Mismatch(accepted: [], reason: reason))
        case .not(let refused):
            guard case .matched = refused.compare(candidate, bound) else {
                return .matched(Match(bound: bound))
            }
            return mismatch(at: nil, nearest: nil)
        case .frame(let pattern):
            let whole = Candidate(payload: candidate.frame, frame: candidate.frame)
            return pattern.compare(whole, bound)
        case .json(let json):
            return matchJSON(json, candidate, bound)
        case .anyOf(let alternatives):
            return matchAny(alternatives, candidate, bound)
        }
    }

    private func matchAny(
        _ alternatives: [Accepted], _ candidate: Candidate, _ bound: [String: [UInt8]]
    ) -> PatternOutcome {
        var nearest: Mismatch?
        for alternative in alternatives {
            switch alternative.pattern.compare(candidate, bound) {
            case .matched(var match):
                match.label = alternative.label ?? match.label
                match.tolerated = alternative.tolerated ?? match.tolerated
                return .matched(match)
            case .mismatched(let mismatch):
                if (mismatch.firstDifference ?? -1) > (nearest?.firstDifference ?? -2) {
                    nearest = mismatch
                }
            }
        }
        return .mismatched(nearest ?? Mismatch(accepted: []))
    }

    private func mismatch(at offset: Int?, nearest: [UInt8]?) -> PatternOutcome {
        .mismatched(Mismatch(accepted: [], firstDifference: offset, nearest: nearest))
    }

    private var neverBound: PatternOutcome {
        .mismatched(Mismatch(accepted: [], reason: "a capture in it was never made"))
    }

    /// All that this pattern accepts, as people read it.
    package func accepted(_ bound: [String: [UInt8]] = [:]) -> [String] {
        switch self {
        case .any: ["any message"]
        case .text(let text): [text.shown(bound)]
        case .startsWith(let text): ["a message that starts with \(text.shown(bound))"]
        case .endsWith(let text): ["a message that ends with \(text.shown(bound))"]
        case .contains(let text): ["a message that contains \(text.shown(bound))"]
        case .items(let items): [items.shown(bound)]
        case .not(let refused):
            ["anything but \(refused.accepted(bound).joined(separator: " or "))"]
        case .frame(let pattern): pattern.accepted(bound).map { "the whole frame \($0)" }
        case .json(let json): [json.shown(bound)]
        case .anyOf(let alternatives):
            alternatives.flatMap { alternative in
                alternative.pattern.accepted(bound).map { text in
                    alternative.tolerated.map { "\(text) (tolerated: \($0))" } ?? text
                }
            }
        }
    }
}
