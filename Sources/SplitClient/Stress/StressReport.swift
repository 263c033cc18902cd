// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a stress run came to.
struct StressReport: Sendable {
    /// A finding with the names and cuts that it takes to understand it.
    struct Detail: Sendable {
        var finding: StressFinding
        var sender: String
        var receiver: String?
        /// Where the sender's message was cut, as offsets in it.
        var cuts: [Int]
        /// The message that it was heard behind, where that is what was wrong.
        var behind: String?
    }

    var chat: ChatProtocolName
    var server: String
    var connections: Int
    var groups: Int
    var messages: Int
    var seed: UInt64
    var plan: CutPlan?
    var replay: String

    var sent: Int
    var expected: Int
    var arrived: Int
    /// Nanoseconds from the first message to the last delivery.
    var duration: Int64
    var latency: LatencyHistogram
    var cuts: CutTally
    /// Texts of people who are not of this run.
    var foreign: Int
    var counts: [StressFinding.Kind: Int]
    var details: [Detail]
    var isInterrupted: Bool
    /// Why there was no talk, or no end of it.
    var failure: String?

    /// Whether nothing was wrong; there may be warnings.
    var isFine: Bool { wrong == 0 && failure == nil }
    var wrong: Int { counts.reduce(0) { $1.key.isWarning ? $0 : $0 + $1.value } }

    /// So many a second, over the whole talk.
    func rate(_ count: Int) -> Int {
        guard duration > 0 else { return 0 }
        return Int((Double(count) * 1e9 / Double(duration)).rounded())
    }
}

extension StressReport {
    /// The report of a run that could not even begin.
    init(without options: StressOptions, because failure: String) {
        self.init(
            chat: options.chat, server: ServerConnection.shown(options.server),
            connections: options.connections, groups: options.groups(.everyone).count,
            messages: options.messages, seed: options.seed, plan: options.plan,
            replay: options.replay, sent: 0, expected: 0, arrived: 0, duration: 0,
            latency: LatencyHistogram(), cuts: CutTally(), foreign: 0, counts: [:], details: [],
            isInterrupted: false, failure: failure)
    }
}
