// SPDX-License-Identifier: Apache-2.0

/// The pauses between two looks at something that announces nothing.
///
/// The first looks follow at once, since most answers come within microseconds; then the pauses
/// double, so that a server that takes its time has the processor for itself. Where looks without a
/// pause were in vain, there are fewer of them the next time, and all are tried again now and then.
package struct Backoff {
    private let most: Int
    private var immediate: Int
    private var finds = 0
    private let first: Int64
    private let longest: Int64
    private var looks = 0

    /// Pauses in nanoseconds.
    package init(immediate: Int = 3, first: Int64 = 20_000, longest: Int64 = 1_000_000) {
        most = immediate
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

    /// What was looked for is there.
    package mutating func found() {
        let wereInVain = looks > immediate
        finds += 1
        if finds % Self.trial == 0 {
            immediate = most
        } else if wereInVain {
            immediate = max(immediate / 2, min(Self.least, most))
        }
        looks = 0
    }

    private static let trial = 16
    private static let least = 3

    /// Something happened: the next looks follow at once again.
    package mutating func reset() { looks = 0 }
}
