// SPDX-License-Identifier: Apache-2.0

/// When the descriptors that were served last are asked alone, as asking all would cost more.
///
/// `poll` costs by how many descriptors it is given: a thousand clients that say nothing are a
/// thousand looks for the one that speaks, and for each that comes in between.
///
/// Rules:
/// - The front is asked alone where there are many descriptors, and the last asking of all has found
///   few of them ready.
/// - It is waited for as long as asking all costs at most, and all are asked when it had nothing, or
///   was asked alone for some times of that: nobody behind it is found later than that.
/// - Where the front had nothing, some turns ask all at once (`LookHabit`).
struct BusyFront {
    /// How many descriptors stand in it.
    static let size = 64
    /// With fewer descriptors asking all costs about as much.
    private static let leastDescriptors = 4 * size
    /// What asking one costs, roughly.
    private static let nanosecondsEach: Int64 = 200
    /// Of so many one is ready at most, where few are.
    private static let fewness = 32
    /// For how many times of what asking all costs the front is asked alone.
    private static let leastShare: Int64 = 4

    private var habit = LookHabit()
    /// Whether the last asking of all has found few of them ready.
    private(set) var fewWereReady = false
    private var allWereAsked: Int64 = 0

    /// How long this turn waits for the front alone, in nanoseconds; `nil` where it asks all.
    mutating func patience(among descriptors: Int, now: Int64) -> Int64? {
        let cost = Int64(descriptors) * Self.nanosecondsEach
        guard descriptors >= Self.leastDescriptors, fewWereReady,
            now - allWereAsked < Self.leastShare * cost, habit.isDue()
        else { return nil }
        return cost
    }

    /// To be told what asking the front alone has come to.
    mutating func noteFront(ready: Int) { habit.note(foundSomething: ready > 0) }

    /// To be told what asking all has come to.
    mutating func noteAll(ready: Int, of descriptors: Int, now: Int64) {
        fewWereReady = ready <= descriptors / Self.fewness
        allWereAsked = now
    }
}
