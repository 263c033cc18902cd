// SPDX-License-Identifier: Apache-2.0

/// Whether all receivers hear all messages in one order.
///
/// A message's rank is how many were heard before it, by anybody, when the first one heard it. Who
/// hears a message behind one of greater rank hears the two the other way round than whoever was
/// first to hear it: that one had not heard the other then, and hears it later, unless it is lost.
/// So where nothing is lost each finding is true, and in one order there is none.
struct OrderOfAll {
    private struct Place {
        /// Which message of its sender has this place now; -1 for none.
        var sequence = -1
        var rank = 0
    }

    /// Per sender a ring: what is older than its size is not compared any more.
    private var places: [Place]
    private let ring: Int
    private var heard = 0
    /// Per receiver the message of greatest rank that it has heard.
    private var last: [(rank: Int, message: SaidMessage)?]

    /// `ring` is a power of two, and at least as great as what of one client is on its way.
    init(clients: Int, ring: Int) {
        self.ring = ring
        places = Array(repeating: Place(), count: clients * ring)
        last = Array(repeating: nil, count: clients)
    }

    /// A receiver hears a message for the first time: one that it has heard before, and that should
    /// have come behind it, or `nil`.
    mutating func hear(_ sequence: Int, of sender: Int, at receiver: Int) -> SaidMessage? {
        let place = sender * ring + sequence & (ring - 1)
        guard sequence >= places[place].sequence else { return nil }
        if sequence > places[place].sequence {
            heard += 1
            places[place] = Place(sequence: sequence, rank: heard)
        }
        let rank = places[place].rank
        if let last = last[receiver], last.rank > rank { return last.message }
        last[receiver] = (rank, SaidMessage(sender: sender, sequence: sequence))
        return nil
    }
}
