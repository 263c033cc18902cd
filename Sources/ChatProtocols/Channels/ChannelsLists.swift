// SPDX-License-Identifier: Apache-2.0

/// Long lists of channels as they were told, and which connections have not taken all of one.
struct ChannelsLists: Sendable {
    /// To whom a list is told.
    enum Audience: Sendable {
        case clients, peers
    }

    /// What a list was made of: it holds while this is the same.
    struct Version: Equatable, Sendable {
        let audience: Audience
        let changes: Int
        /// Bytes of all pieces that had changed by then.
        let rewritten: Int
    }

    /// A list at one time.
    struct List: Sendable {
        let number: Int
        let text: SharedText
        fileprivate let version: Version
    }

    /// A list that connections wait for.
    private struct Awaited: Sendable {
        let number: Int
        let size: Int
        let version: Version
        var count = 0
    }

    private var latest: [Audience: List] = [:]
    private var lastNumber = 0
    /// Oldest first.
    private var awaited: [Awaited] = []
    private var numbers: [ConnectionID: Int] = [:]

    /// The list, where it has been made since it last changed.
    func current(_ version: Version) -> List? {
        latest[version.audience].flatMap { $0.version == version ? $0 : nil }
    }

    mutating func add(_ text: SharedText, _ version: Version) -> List {
        lastNumber += 1
        let list = List(number: lastNumber, text: text, version: version)
        latest[version.audience] = list
        return list
    }

    /// Notes that a connection has not taken all of a list, its only one.
    mutating func hold(_ list: List, for connection: ConnectionID) {
        release(connection)
        numbers[connection] = list.number
        if let place = place(of: list.number) {
            awaited[place].count += 1
        } else {
            awaited.append(
                Awaited(
                    number: list.number, size: list.text.count, version: list.version, count: 1))
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
        guard oldBytes > Limits.channelsOldLists,
            let oldest = awaited.first(where: { !isLatest($0) })
        else { return [] }
        return numbers.filter { $0.value == oldest.number }.map(\.key)
    }

    /// What lists that have changed since hold in memory beside the latest ones, at most: the pieces
    /// that have changed until the next one that is waited for, and the ends, which are its own.
    private var oldBytes: Int {
        var next = latest.mapValues(\.version.rewritten)
        var bytes = 0
        for list in awaited.reversed() where !isLatest(list) {
            let version = list.version
            let changed = (next[version.audience] ?? version.rewritten) - version.rewritten
            bytes += min(list.size, changed + 2 * Limits.channelsListBlock)
            next[version.audience] = version.rewritten
        }
        return bytes
    }

    private func isLatest(_ list: Awaited) -> Bool {
        latest[list.version.audience]?.number == list.number
    }

    private func place(of number: Int) -> Int? { awaited.firstIndex { $0.number == number } }
}
