// SPDX-License-Identifier: Apache-2.0

/// Until when what is waited for may come.
///
/// All wait for the same time, so those that were added first are due first. What was removed, or
/// added anew, leaves an entry behind, which is skipped; those never outnumber the others by much.
struct Deadlines<Wait: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let wait: Wait
        let deadline: Int64
    }

    private var deadlines: [Wait: Int64] = [:]
    private var entries: [Entry] = []
    /// Where the entries begin that have not been passed.
    private var first = 0

    /// Notes until when to wait; not before those that were noted earlier.
    mutating func add(_ wait: Wait, until deadline: Int64) {
        deadlines[wait] = deadline
        entries.append(Entry(wait: wait, deadline: deadline))
        if entries.count > 2 * deadlines.count + 64 { compact() }
    }

    mutating func remove(_ wait: Wait) { deadlines[wait] = nil }

    /// The deadline that comes next.
    mutating func next() -> Int64? {
        while first < entries.count {
            if isValid(entries[first]) { return entries[first].deadline }
            first += 1
        }
        return nil
    }

    /// Takes one out whose deadline has passed; `nil` where there is none.
    mutating func expire(at now: Int64) -> Wait? {
        guard let next = next(), next <= now else { return nil }
        let wait = entries[first].wait
        deadlines[wait] = nil
        return wait
    }

    private func isValid(_ entry: Entry) -> Bool { deadlines[entry.wait] == entry.deadline }

    private mutating func compact() {
        entries = entries[first...].filter { isValid($0) }
        first = 0
    }
}
