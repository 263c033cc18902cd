// SPDX-License-Identifier: Apache-2.0

/// The cuts of one run of bytes, one after the other, as far as they are known before its end is.
///
/// A plan that counts from the start of what it cuts (`bytes`, `every`, `random`, and `at` without
/// negative offsets) is known so; one that looks at the end or at the content is not.
package struct EarlyCuts: Equatable, Sendable {
    private enum Source: Equatable {
        case every(Int)
        case listed([Int], following: Int)
        case random(SeededGenerator, ClosedRange<Int>)
    }

    private var source: Source
    /// The next cut, counted from the start of the run; `nil` where none is left.
    package private(set) var next: Int? = 0

    /// `nil` for a plan that has to see the whole run.
    ///
    /// `streamOffset` is as for `CutPlan.cuts`.
    package init?(of plan: CutPlan, streamOffset: Int = 0) {
        switch plan {
        case .bytes: source = .every(1)
        case .every(let size): source = .every(max(1, size))
        case .at(let offsets) where offsets.allSatisfy { $0 > 0 }:
            source = .listed(Set(offsets).sorted(), following: 0)
        case .random(let seed, let sizes):
            let generator = SeededGenerator(seed: seed).derived(for: "\(streamOffset)")
            source = .random(generator, sizes)
        case .whole, .at, .straddle, .coalesce, .parts, .utf8, .escape, .tokens, .delimiter:
            return nil
        }
        advance()
    }

    /// Cuts at these offsets, which must ascend.
    package init(at offsets: [Int]) {
        source = .listed(offsets, following: 0)
        advance()
    }

    /// Goes on to the next cut.
    package mutating func advance() {
        guard let last = next else { return }
        switch source {
        case .every(let size):
            next = last + size
        case .listed(let offsets, let following):
            next = following < offsets.count ? offsets[following] : nil
            source = .listed(offsets, following: following + 1)
        case .random(var generator, let sizes):
            let extra = generator.next(below: sizes.upperBound - sizes.lowerBound + 1)
            next = last + max(1, sizes.lowerBound + extra)
            source = .random(generator, sizes)
        }
    }

    /// The cuts inside a run of so many bytes.
    func cuts(inside length: Int) -> [Int] {
        var cuts: [Int] = []
        var left = self
        while let cut = left.next, cut < length {
            cuts.append(cut)
            left.advance()
        }
        return cuts
    }
}
