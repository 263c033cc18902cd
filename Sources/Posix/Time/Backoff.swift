// SPDX-License-Identifier: Apache-2.0

/// The pauses between two looks at something that announces nothing.
///
/// The first looks follow at once, since most answers come within microseconds; then the pauses
/// double, so that a server that takes its time has the processor for itself.
package struct Backoff {
    private let immediate: Int
    private let first: Int64
    private let longest: Int64
    private var looks = 0

    /// Pauses in nanoseconds.
    package init(immediate: Int = 3, first: Int64 = 20_000, longest: Int64 = 1_000_000) {
        self.immediate = immediate
        self.first = first
        self.longest = longest
    }

    /// The pause before the next look.
    package mutating func next() -> Int64 {
        looks += 1
        guard looks > immediate else { return 0 }
        return min(first << Int64(min(looks - immediate - 1, 20)), longest)
    }

    /// Something happened: the next looks follow at once again.
    package mutating func reset() { looks = 0 }
}
