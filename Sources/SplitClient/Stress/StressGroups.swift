// SPDX-License-Identifier: Apache-2.0

/// Who hears whom in a stress run.
///
/// Clients stand in groups of neighbours. What one says goes to its group, or to one member of it
/// after the other, to each a run of messages: only two that follow each other to the same receiver
/// can be swapped. Per pair of a receiver and a sender the numbers of the messages that are due form
/// a row: it begins with `first`, and `next` is behind each.
struct StressGroups: Equatable, Sendable {
    enum Audience: Equatable, Sendable {
        /// Everyone else in the group.
        case others
        /// Everyone in the group, the sender too.
        case everyone
        /// One other member, the next one after each run.
        case one
    }

    /// How many messages to one member follow each other.
    static let run = 8

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
        let turn = sequence / Self.run % (members.count - 1)
        let place = sender - members.lowerBound + 1 + turn
        return members.lowerBound + place % members.count
    }

    /// Whether `receiver` is to hear `sender` at all.
    func hears(_ receiver: Int, _ sender: Int) -> Bool {
        starts[receiver] == starts[sender] && (receiver != sender || audience == .everyone)
    }

    /// Whether `receiver` is to hear this message of `sender`; `hears` holds.
    func hears(_ receiver: Int, _ sender: Int, _ sequence: Int) -> Bool {
        audience != .one || recipient(of: sequence, from: sender) == receiver
    }

    /// The number of the first message of `sender` that `receiver` is to hear.
    func first(_ receiver: Int, from sender: Int) -> Int {
        guard audience == .one else { return 0 }
        return (receiver - sender + sizes[sender] - 1) % sizes[sender] * Self.run
    }

    /// The number of the message of `sender` that its receiver is to hear next.
    func next(after sequence: Int, from sender: Int) -> Int {
        let next = sequence + 1
        guard audience == .one, next % Self.run == 0 else { return next }
        return next + Self.run * max(0, sizes[sender] - 2)
    }
}
