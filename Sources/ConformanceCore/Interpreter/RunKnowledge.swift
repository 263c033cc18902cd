// SPDX-License-Identifier: Apache-2.0

package import Specs

/// What a run has found out so far about the server under test.
package struct RunKnowledge: Equatable, Sendable {
    /// States (of the main link) whose barrier this server does not answer.
    package var brokenBarriers: Set<String> = []
    /// How many frames were taken as they stopped short and the stream was silent.
    private var shortFrames = 0

    /// Steps (`silence`) that this server leaves without an answer: nobody waits for one again.
    package var silences: Set<SourcePosition> = []

    /// Whether it reads parts of messages before the rest has come.
    package var parts = PartReading()

    package init() {}

    /// This server sends frames that have to be taken when the stream is silent: one may have been
    /// an interruption.
    package var expectsShortFrames: Bool { shortFrames >= 2 }

    package mutating func noteShortFrame() { shortFrames = min(shortFrames + 1, 2) }

    /// Adds what a scenario has shown that began with this knowledge.
    package mutating func addFrames(of other: RunKnowledge) {
        shortFrames = max(shortFrames, other.shortFrames)
    }
}

/// The times of a run, in nanoseconds.
package struct Timing: Equatable, Sendable {
    /// The longest wait of a step that has none of its own.
    package var timeout: Int64
    /// How long nothing must come where no barrier can prove absence.
    package var quietWindow: Int64
    /// How long a stream is silent before an incomplete frame is taken for a short one.
    package var settle: Int64
    /// The same, once the server is known to send such frames.
    package var quickSettle: Int64
    /// How long a part of a message lies unread before it is taken for one that the server leaves
    /// there, where nothing is known of that server.
    package var partPatience: Int64
    /// The same for a server that has read parts before, and is slow rather.
    package var longPartPatience: Int64
    /// The same for one that has left several.
    package var quickPartPatience: Int64
    /// How long the runner itself holds back what follows a segment, taken or not.
    package var pace: Int64
    /// How many times as long the waits are that steps have of their own.
    private var scale: Int64

    package init(timeout: Int64 = 2_000_000_000, scale: Int64 = 1, pace: Int64 = 0) {
        self.timeout = timeout * scale
        quietWindow = 20_000_000 * scale
        settle = min(timeout / 4, 500_000_000) * scale
        quickSettle = 20_000_000 * scale
        partPatience = min(timeout / 8, 80_000_000) * scale
        longPartPatience = timeout / 2 * scale
        quickPartPatience = 1_000_000 * scale
        self.pace = pace
        self.scale = scale
    }

    /// How often a step's time may begin anew while the server takes what is sent, or is in the
    /// middle of a message.
    static let mostRenewals: Int64 = 10

    /// The longest wait of a step for one thing, the server's own time included.
    func longest(_ step: PlanStep) -> Int64 {
        let own = (step.within.map { $0 * scale } ?? timeout) + (step.patience?.nanoseconds ?? 0)
        if case .connect = step.action { return max(own, Self.connecting) }
        return own
    }

    /// A request that a full backlog has dropped is sent again after a second (RFC 6298,
    /// section 2), however short the time for answers is.
    private static let connecting: Int64 = 1_500_000_000

    /// The longest wait of a step for all that it is about.
    ///
    /// One that has waited for the server's own time, or for an answer that need not come, asks
    /// afterwards.
    func wait(of step: PlanStep) -> Int64 {
        longest(step) + (step.patience == nil && step.silence == nil ? 0 : timeout)
    }
}
