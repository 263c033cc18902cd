// SPDX-License-Identifier: Apache-2.0

/// In which order is told of cases that are run side by side: that in which they were handed out.
///
/// The first few that take long are told of behind all others, in their order: whoever waited for
/// them in the middle would keep what was done meanwhile, or hand out nothing more.
struct TellingOrder {
    private var done: [Int: CaseRun] = [:]
    private var handedOut = 0
    private var told = 0
    private var longHandedOut = 0
    private var longTold = 0

    /// The number of the first that takes long: beyond those of all others.
    private static let firstLong = 1 << 40

    /// How many are kept until the end, as what is kept of each is much.
    private static let mostLong = 8

    /// How many were handed out and not told of, those left out that take long.
    var ahead: Int { handedOut - told }

    var isAllTold: Bool { told == handedOut && longTold == longHandedOut }

    /// Gives a case that is handed out its number.
    mutating func number(_ planned: inout PlannedCase) {
        if planned.isToldLast, longHandedOut < Self.mostLong {
            planned.number = Self.firstLong + longHandedOut
            longHandedOut += 1
        } else {
            planned.number = handedOut
            handedOut += 1
        }
    }

    mutating func keep(_ run: CaseRun) { done[run.planned.number] = run }

    /// The next to be told of, if it is done; `isAll` says that no more is handed out.
    mutating func next(isAll: Bool) -> CaseRun? {
        if let run = done.removeValue(forKey: told) {
            told += 1
            return run
        }
        guard isAll, told == handedOut,
            let run = done.removeValue(forKey: Self.firstLong + longTold)
        else { return nil }
        longTold += 1
        return run
    }

    /// All that is done, though some between may be missing.
    mutating func takeAll() -> [CaseRun] {
        defer { done = [:] }
        return done.sorted { $0.key < $1.key }.map(\.value)
    }
}
