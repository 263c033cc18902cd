// SPDX-License-Identifier: Apache-2.0

/// How far each client has come with what it says.
///
/// A message is *passed* when each of its receivers has it or a later one, and the server has
/// confirmed it where it does so. A client has at most `window` messages that are not. One that is
/// not passed for too long is let go, so that a loss stops nobody; whether it was lost is the
/// ledger's business.
struct SendWindows {
    let window: Int
    private(set) var sent: [Int]
    private var passed: [Int]
    private var confirmed: [Int]
    /// A message on its way: at how many receivers it is outstanding, and when it left.
    private struct Flight {
        var outstanding = 0
        var departure: Int64 = 0
    }

    /// Per client a ring.
    private var flights: [Flight]
    /// How many messages of a client are remembered; a power of two.
    let ring: Int
    private let needsConfirmation: Bool

    init(clients: Int, window: Int, needsConfirmation: Bool) {
        self.window = max(1, window)
        self.needsConfirmation = needsConfirmation
        var ring = 64
        while ring < 2 * self.window { ring *= 2 }
        self.ring = ring
        sent = Array(repeating: 0, count: clients)
        passed = sent
        confirmed = sent
        flights = Array(repeating: Flight(), count: clients * ring)
    }

    func room(of client: Int) -> Int { window - (sent[client] - passed[client]) }

    /// Room of less than this is not worth sending: messages leave by the half window, so that a
    /// server has several of one client at once all the time.
    var leastRoom: Int { (window + 1) / 2 }

    func isIdle(_ client: Int) -> Bool { sent[client] == passed[client] }

    /// Takes the next number for a message with so many receivers.
    mutating func send(from client: Int, receivers: Int, at time: Int64) -> Int {
        let sequence = sent[client]
        sent[client] += 1
        flights[place(client, sequence)] = Flight(outstanding: receivers, departure: time)
        return sequence
    }

    /// What was handed to a connection has left it only now.
    mutating func departed(_ client: Int, at time: Int64) {
        for sequence in passed[client]..<sent[client] {
            let place = place(client, sequence)
            if flights[place].departure == .max { flights[place].departure = time }
        }
    }

    /// When a message left; `nil` where that is forgotten or not known yet.
    func departure(_ client: Int, _ sequence: Int) -> Int64? {
        guard sequence >= sent[client] - ring, sequence < sent[client] else { return nil }
        let time = flights[place(client, sequence)].departure
        return time == .max ? nil : time
    }

    /// One receiver has this message or a later one; says whether that makes room.
    mutating func receive(_ client: Int, _ sequence: Int) -> Bool {
        guard sequence >= passed[client], sequence < sent[client] else { return false }
        let place = place(client, sequence)
        flights[place].outstanding -= 1
        return flights[place].outstanding <= 0 && settle(client)
    }

    /// The server has confirmed the next one; `false` where none is to be confirmed.
    mutating func confirm(_ client: Int) -> Bool {
        guard confirmed[client] < sent[client] else { return false }
        confirmed[client] += 1
        settle(client)
        return true
    }

    /// Confirmations that have not come.
    func unconfirmed(_ client: Int) -> Int {
        needsConfirmation ? sent[client] - confirmed[client] : 0
    }

    /// Lets go all messages that left before `time` and were not passed; says whether there were any.
    mutating func letGo(_ client: Int, before time: Int64) -> Bool {
        var hasLetGo = false
        while passed[client] < sent[client],
            confirmed[client] > passed[client] || !needsConfirmation,
            flights[place(client, passed[client])].departure < time
        {
            passed[client] += 1
            hasLetGo = true
        }
        settle(client)
        return hasLetGo
    }

    /// Counts as passed what is; says whether anything was.
    @discardableResult
    private mutating func settle(_ client: Int) -> Bool {
        let before = passed[client]
        var next = before
        while next < sent[client], flights[place(client, next)].outstanding <= 0,
            !needsConfirmation || confirmed[client] > next
        {
            next += 1
        }
        passed[client] = next
        return next > before
    }

    private func place(_ client: Int, _ sequence: Int) -> Int {
        client * ring + sequence & (ring - 1)
    }
}
