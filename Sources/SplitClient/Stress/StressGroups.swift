// SPDX-License-Identifier: Apache-2.0

/// Who hears whom in a stress run.
///
/// Clients stand in groups of neighbours. What one says goes to its group, or to one member of it
/// after the other. Per pair of a receiver and a sender the numbers of the messages that are due
/// form a row: `first`, `first + stride`, ...
struct StressGroups: Equatable, Sendable {
    enum Audience: Equatable, Sendable {
        /// Everyone else in the group.
        case others
        /// Everyone in the group, the sender too.
        case everyone
        /// One other member, the next one each time.
        case one
    }

    let audience: Audience
    let clients: Int
    /// How many groups there are.
    let count: Int
    /// The largest group.
    let largest: Int
    /// Of each client the first one of its group, and how many there are in it.
    private let starts: [Int]
    private let sizes: [Int]

    /// As many groups of `size` as there are, whoever is left over distributed among them.
    init(clients: Int, size: Int, audience: Audience) {
        self.audience = audience
        self.clients = max(1, clients)
        count = max(1, self.clients / max(1, size))
        largest = (self.clients + count - 1) / count
        var (starts, sizes): ([Int], [Int]) = ([], [])
        for group in 0..<count {
            let start = self.clients * group / count
            let end = self.clients * (group + 1) / count
            starts += repeatElement(start, count: end - start)
            sizes += repeatElement(end - start, count: end - start)
        }
        self.starts = starts
        self.sizes = sizes
    }

    /// Everyone in the group of a client, itself included.
    func neighbours(of client: Int) -> Range<Int> {
        starts[client]..<starts[client] + sizes[client]
    }

    /// Whether the client is the first of its group.
    func isFirst(_ client: Int) -> Bool { starts[client] == client }

    /// The first client of the group.
    func start(of client: Int) -> Int { starts[client] }

    /// How many receive a message of this client.
    func receivers(of sender: Int) -> Int {
        let size = sizes[sender]
        switch audience {
        case .others: return size - 1
        case .everyone: return size
        case .one: return size > 1 ? 1 : 0
        }
    }

    /// Who a message to one is for; the sender itself where nobody else is there.
    func recipient(of sequence: Int, from sender: Int) -> Int {
        let members = neighbours(of: sender)
        guard members.count > 1 else { return sender }
        let place = sender - members.lowerBound + 1 + sequence % (members.count - 1)
        return members.lowerBound + place % members.count
    }

    /// Whether `receiver` is to hear `sender` at all.
    func hears(_ receiver: Int, _ sender: Int) -> Bool {
        starts[receiver] == starts[sender] && (receiver != sender || audience == .everyone)
    }

    /// The number of the first message of `sender` that `receiver` is to hear.
    func first(_ receiver: Int, from sender: Int) -> Int {
        guard audience == .one else { return 0 }
        return (receiver - sender + sizes[sender] - 1) % sizes[sender]
    }

    /// How far the messages that one receiver hears of one sender are apart.
    func stride(of sender: Int) -> Int {
        guard audience == .one else { return 1 }
        return max(1, sizes[sender] - 1)
    }
}
