// SPDX-License-Identifier: Apache-2.0

/// "Did you mean": the known word that a mistyped one most likely stands for.
package enum Suggestion {
    /// The nearest of `candidates`, the first where several are as near.
    ///
    /// `nil` where none is near: at most a third of the word (one letter of a short one) may be
    /// missing, added, changed or swapped with its neighbour. Case counts for nothing. Words
    /// over 64 bytes have no suggestion, so that hostile input costs nothing.
    package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        let word = Array(word.lowercased().utf8)
        guard word.count <= longest else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let letters = Array(candidate.lowercased().utf8)
            let allowed = max(1, max(word.count, letters.count) / 3)
            let found = letters.count <= longest ? distance(word, letters) : Int.max
            if found <= allowed, found < max(word.count, 1), found < best?.distance ?? Int.max {
                best = (candidate, found)
            }
        }
        return best?.candidate
    }

    private static let longest = 64

    /// Levenshtein's distance, with a swap of two neighbours as one change.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for (row, letter) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                let change = last[column] + (letter == other ? 0 : 1)
                var cost = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count]
    }
}
