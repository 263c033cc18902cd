// SPDX-License-Identifier: Apache-2.0

/// A pattern of `--only`: `*` is any text, `?` any one byte, all else stands for itself.
///
/// Brackets, too, as ids of cases have them: `framing.partial[at=3*]`.
struct Glob: Hashable, Sendable {
    let text: String
    private let pattern: [UInt8]

    init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8)
    }

    /// In time of at most the product of both lengths.
    func matches(_ candidate: String) -> Bool {
        let candidate = Array(candidate.utf8)
        var (place, at) = (0, 0)
        // Behind the last `*`, and where in the candidate what follows it was tried last.
        var retry: (place: Int, at: Int)?
        while at < candidate.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                retry = (place + 1, at)
                place += 1
            } else if place < pattern.count,
                pattern[place] == UInt8(ascii: "?") || pattern[place] == candidate[at]
            {
                place += 1
                at += 1
            } else if let last = retry {
                retry = (last.place, last.at + 1)
                (place, at) = (last.place, last.at + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
