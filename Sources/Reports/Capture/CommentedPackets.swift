// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Packets of a capture, gone through beside the transcript of the scenario to which they belong.
protocol CommentedPackets {
    /// Whether there are none yet.
    var isEmpty: Bool { get }

    /// Goes on to what an entry tells; returns the first packet that belongs to it.
    mutating func advance(to entry: TranscriptEntry) -> Int?

    /// The last packet so far of a connection that says something, or of all where there is none.
    func lastDataPacket(of link: LinkID?) -> Int?

    /// The packet with which a message that has just come was complete.
    mutating func packet(completing message: ReceivedMessage) -> Int?

    mutating func comment(_ text: String, onPacket index: Int)
}
