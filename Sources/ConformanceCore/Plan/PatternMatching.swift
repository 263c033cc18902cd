// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

extension Pattern {
    /// Compares in linear time for each alternative.
    package func match(_ candidate: Candidate, bound: [String: [UInt8]] = [:]) -> PatternOutcome {
        let payload = candidate.payload
        switch self {
        case .any:
            return .matched(Match(bound: bound))
        case .text(let text):
            switch text.match(payload, bound: bound) {
            case .matched(let bound): return .matched(Match(bound: bound))
            case .departed(let offset):
                return mismatch(at: offset, nearest: text.filled(with: bound), bound: bound)
            }
        case .startsWith(let text):
            guard let prefix = text.filled(with: bound) else { return unbound(text, bound) }
            if payload.starts(with: prefix) { return .matched(Match(bound: bound)) }
            let offset = zip(payload, prefix).prefix { $0 == $1 }.count
            return mismatch(at: offset, nearest: prefix, bound: bound)
        case .endsWith(let text):
            guard let suffix = text.filled(with: bound) else { return unbound(text, bound) }
            if payload.suffix(suffix.count).elementsEqual(suffix) {
                return .matched(Match(bound: bound))
            }
            return mismatch(at: nil, nearest: nil, bound: bound)
        case .contains(let text):
            guard let part = text.filled(with: bound) else { return unbound(text, bound) }
            if TextPattern.firstIndex(of: part, in: payload) != nil {
                return .matched(Match(bound: bound))
            }
            return mismatch(at: nil, nearest: nil, bound: bound)
        case .items(let items):
            guard let reason = items.fault(in: payload, bound: bound) else {
                return .matched(Match(bound: bound))
            }
            return .mismatched(Mismatch(accepted: accepted(bound), reason: reason))
        case .not(let refused):
            guard case .matched = refused.match(candidate, bound: bound) else {
                return .matched(Match(bound: bound))
            }
            return mismatch(at: nil, nearest: nil, bound: bound)
        case .frame(let pattern):
            let whole = Candidate(payload: candidate.frame, frame: candidate.frame)
            let outcome = pattern.match(whole, bound: bound)
            guard case .mismatched(var mismatch) = outcome else { return outcome }
            mismatch.accepted = accepted(bound)
            return .mismatched(mismatch)
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
            switch alternative.pattern.match(candidate, bound: bound) {
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
        var mismatch = nearest ?? Mismatch(accepted: [])
        mismatch.accepted = accepted(bound)
        return .mismatched(mismatch)
    }

    private func mismatch(
        at offset: Int?, nearest: [UInt8]?, bound: [String: [UInt8]]
    ) -> PatternOutcome {
        .mismatched(Mismatch(accepted: accepted(bound), firstDifference: offset, nearest: nearest))
    }

    private func unbound(_ text: TextPattern, _ bound: [String: [UInt8]]) -> PatternOutcome {
        .mismatched(Mismatch(accepted: accepted(bound), reason: "a capture in it was never made"))
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
