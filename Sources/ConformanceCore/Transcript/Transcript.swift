// SPDX-License-Identifier: Apache-2.0

package import Specs

/// What happened, in order: all that the judge, the report and the capture are made from.
package struct Transcript: Equatable, Sendable {
    package var entries: [TranscriptEntry] = []
    /// Every message that came, by its number.
    package var messages: [ReceivedMessage] = []
    /// Received bytes that were left out; a transcript without all of them cannot be judged.
    package var omittedBytes = 0

    package init() {}
}

package struct TranscriptEntry: Equatable, Sendable {
    /// Nanoseconds since the scenario began.
    package var time: Int64
    package var event: TranscriptEvent

    package init(time: Int64, event: TranscriptEvent) {
        self.time = time
        self.event = event
    }
}

/// One message from the server, framed.
package struct ReceivedMessage: Equatable, Sendable {
    package var link: LinkID
    package var message: FramedMessage
    package var form: String?
    /// The session's state when it came.
    package var state: String

    package init(link: LinkID, message: FramedMessage, form: String?, state: String) {
        self.link = link
        self.message = message
        self.form = form
        self.state = state
    }

    package var candidate: Candidate {
        Candidate(payload: message.payload, frame: message.bytes, json: message.json)
    }
}

/// How the server ended a connection.
package enum EndKind: String, Equatable, Sendable {
    case fin
    case reset
}

/// How it is known that the server took what was sent.
package enum TakenProof: String, Equatable, Sendable {
    /// Its receive queue was seen empty, with all bytes received.
    case proven
    /// A pause went by.
    case assumed
    /// Part of a message lay in its receive queue, and nothing changed for a while.
    case left
    /// Its end of the connection is gone.
    case gone
}

/// How absence was shown.
package enum AbsenceProof: String, Equatable, Sendable {
    case barrier
    case drained
    case quiet
}

/// A look into the files of the launched server.
package struct SearchedFiles: Equatable, Sendable {
    /// How many there are that could be read.
    package var count: Int
    /// Where a text stands that is looked for: its number, and the file's name.
    package var found: [FoundText]

    package init(count: Int, found: [FoundText]) {
        self.count = count
        self.found = found
    }
}

package struct FoundText: Equatable, Sendable {
    package var text: Int
    package var file: String

    package init(text: Int, file: String) {
        self.text = text
        self.file = file
    }
}

/// How a step went, as the interpreter saw it; the judge finds out for itself.
package enum StepOutcome: Equatable, Sendable {
    case held
    case departed
    case silent
    case ended
    case refused
}

/// Why a scenario did not come to its end.
package enum AbortReason: Equatable, Sendable {
    /// More came than a scenario may receive.
    case flooded(bytes: Int)
    case interrupted
}

package enum TranscriptEvent: Equatable, Sendable {
    case began(StepID)
    case finished(StepID, StepOutcome)
    case connecting(LinkID)
    case connected(LinkID)
    /// What texts may name from here on: the address or port of a server, or the runner's own
    /// address on a connection.
    case learned(String, [UInt8])
    /// A port of the runner's own is there.
    case listening(ListenerID, port: UInt16)
    /// The runner waits for the server to open this connection; then it is `connected`.
    case accepting(LinkID)
    /// Whether a connection waits at a port.
    case arrivals(ListenerID, Bool)
    case refused(LinkID, reason: String)
    /// One segment that the runner wrote, by one step or for a barrier (no step).
    case sent(LinkID, [UInt8], step: StepID?)
    /// A message of the runner, complete with the segment before.
    case said(LinkID, form: String?, state: String, payload: [UInt8])
    case taken(LinkID, TakenProof)
    /// A cut inside a message: behind which byte, and whether it was seen to arrive as a cut.
    case cut(LinkID, form: String?, offset: Int, proven: Bool)
    case received(LinkID, [UInt8])
    /// A message came; its number in `messages`.
    case message(Int)
    case barrierSent(LinkID, nonce: [UInt8])
    case barrierAnswered(LinkID, message: Int)
    /// The barrier of the first was sent by the second, since the first can ask nothing.
    case relayed(LinkID, by: LinkID)
    /// What the second was told in the end.
    case confirmed(LinkID, message: Int)
    /// A standing answer of this step, by the number of its rule, was given to this message.
    case answered(StepID, rule: Int, message: Int)
    /// The step waited so long for what may take the server a time of its own.
    case waited(StepID, nanoseconds: Int64)
    /// A step took this message for its own.
    case took(StepID, message: Int)
    /// `allow` names this message.
    case allowed(message: Int)
    /// The preamble's end cleared this message away.
    case cleared(message: Int)
    case proof(StepID, AbsenceProof)
    /// An alternative was taken; `nil`: none that the scenario names.
    case chose(StepID, alternative: Int?)
    case attempt(StepID, Int)
    case ended(LinkID, EndKind)
    case closedWrite(LinkID)
    case closed(LinkID)
    case reset(LinkID)
    case stoppedReading(LinkID)
    case resumedReading(LinkID)
    /// Bytes that wait at the server's end for a peer that does not read; `nil`: not to be seen.
    case backlog(LinkID, Int?)
    case waitedQuietly(StepID, nanoseconds: Int64)
    case serverEnded(String, of: ServerID = .main)
    /// The runner ended the server and started it again; why it did not come back, where it did not.
    case restarted(RestartFailure?)
    /// How many threads the server has; `nil` where that cannot be seen.
    case threads(StepID, Int?)
    /// The runner sent the launched server a signal.
    case signalled(StepID, ServerSignal)
    /// What the files of the launched server hold of the texts that they are to lack.
    case searched(StepID, SearchedFiles)
    /// The run of the scenario was cut short: the server sent without end, or the user stopped it.
    case aborted(AbortReason)
}
