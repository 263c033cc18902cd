// SPDX-License-Identifier: Apache-2.0

/// Long lists of channels as they were written, and which connections have not taken all of one.
struct ChannelsLists: Sendable {
    /// To whom a list is told.
    enum Audience: Sendable {
        case clients, peers
    }

    /// A list as it was written once.
    struct List: Sendable {
        let number: Int
        let text: [UInt8]
        /// What it was written of: it holds while this is the same.
        fileprivate let changes: Int
    }

    /// A list that connections wait for.
    private struct Awaited: Sendable {
        let number: Int
        let size: Int
        var count = 0
    }

    private var latest: [Audience: List] = [:]
    private var lastNumber = 0
    /// Oldest first.
    private var awaited: [Awaited] = []
    private var numbers: [ConnectionID: Int] = [:]

    /// The list, where it has been written since it last changed.
    func current(for audience: Audience, _ changes: Int) -> List? {
        latest[audience].flatMap { $0.changes == changes ? $0 : nil }
    }

    mutating func add(_ text: [UInt8], for audience: Audience, _ changes: Int) -> List {
        lastNumber += 1
        let list = List(number: lastNumber, text: text, changes: changes)
        latest[audience] = list
        return list
    }

    /// Notes that a connection has not taken all of a list, its only one.
    mutating func hold(_ list: List, for connection: ConnectionID) {
        release(connection)
        numbers[connection] = list.number
        if let place = place(of: list.number) {
            awaited[place].count += 1
        } else {
            awaited.append(Awaited(number: list.number, size: list.text.count, count: 1))
        }
    }

    /// Notes that a connection has taken its list, or is gone; `false` where it had none.
    @discardableResult
    mutating func release(_ connection: ConnectionID) -> Bool {
        guard let number = numbers.removeValue(forKey: connection) else { return false }
        guard let place = place(of: number) else { return true }
        awaited[place].count -= 1
        if awaited[place].count == 0 { awaited.remove(at: place) }
        return true
    }

    /// Who waits for the oldest list, where those that have changed since are too much together.
    func surplus() -> [ConnectionID] {
        let old = awaited.filter { list in !latest.values.contains { $0.number == list.number } }
        guard old.reduce(0, { $0 + $1.size }) > Limits.channelsOldLists, let oldest = old.first
        else { return [] }
        return numbers.filter { $0.value == oldest.number }.map(\.key)
    }

    private func place(of number: Int) -> Int? { awaited.firstIndex { $0.number == number } }
}
