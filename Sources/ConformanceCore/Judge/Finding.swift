// SPDX-License-Identifier: Apache-2.0

package import Specs

/// One thing that was not as it should be.
package struct Finding: Equatable, Sendable {
    package var requirement: String
    package var level: Level
    /// The step that found it, where one did.
    package var step: StepID?
    package var link: LinkID?
    package var isPreamble: Bool
    package var kind: FindingKind
    /// The message that shows it, by its number in the transcript.
    package var message: Int?

    package init(
        requirement: String, level: Level, step: StepID? = nil, link: LinkID? = nil,
        isPreamble: Bool, kind: FindingKind, message: Int? = nil
    ) {
        self.requirement = requirement
        self.level = level
        self.step = step
        self.link = link
        self.isPreamble = isPreamble
        self.kind = kind
        self.message = message
    }
}

package enum FindingKind: Equatable, Sendable {
    /// A message came that is not what is accepted.
    case mismatch(Mismatch)
    /// A message came where none may.
    case unexpected
    /// A message came that answers a barrier of another connection.
    case strayed(asked: String)
    /// Nothing came in time.
    case silence(accepted: [String], waited: Int64)
    /// The connection ended where a message was due.
    case endedInstead(EndKind, accepted: [String])
    /// The server ended a connection that nobody asked it to end.
    case endedUnasked(EndKind)
    /// Messages of a group that did not come.
    case missing([String], waited: Int64)
    /// The connection was to end, and did not.
    case notEnded(waited: Int64)
    case wrongEnd(EndKind, wanted: CloseKind)
    case refused(String)
    /// A connection was neither made nor refused.
    case notAccepted(waited: Int64)
    /// The server did not open a connection where one was due.
    case notConnected(waited: Int64)
    /// The server opened a connection to this port, which nobody asked for.
    case connectedUnasked(String)
    /// A connection that was to be refused was accepted.
    case notRefused
    /// No answer to a request that every server answers (a barrier).
    case unanswered(waited: Int64)
    /// The server does not take what is sent.
    case notTaken(waited: Int64)
    /// What was asked for again and again never held.
    case neverHeld(attempts: Int, accepted: [String], waited: Int64)
    case framing(FramingDeviation)
    /// It passes only because the scenario tolerates it (a finding under `--strict`).
    case tolerated(String)
    case serverEnded(String)
    /// The server did not come back after it was ended by the runner.
    case notRestarted(RestartFailure)
    /// The server did not end, though the runner told it to.
    case notExited(waited: Int64)
    /// A text stands in a file of the server that must not stand there.
    case textInFile(String, file: String)
    /// The runner sees no file that the server has written.
    case noFiles
    case flooded(bytes: Int)
    case interrupted
    /// Plan and transcript do not fit each other: a fault of ours.
    case inconsistent(String)
}

/// What was seen where a requirement leaves it open.
package struct SeenChoice: Equatable, Sendable {
    package var requirement: String
    package var step: StepID
    /// The alternative's name; `nil`: none that the scenario names.
    package var label: String?
    /// The messages that were seen, by their numbers.
    package var messages: [Int]
    package var end: EndKind?
}

/// What the judge says of one plan and its transcript.
package struct Judgement: Equatable, Sendable {
    package var verdict: Verdict
    package var findings: [Finding] = []
    package var observed: [SeenChoice] = []
    package var tolerated: [Finding] = []
    /// Steps that did not go as planned, for comparison with the interpreter.
    package var failedSteps: Set<StepID> = []

    package init(
        verdict: Verdict, findings: [Finding] = [], observed: [SeenChoice] = [],
        tolerated: [Finding] = [], failedSteps: Set<StepID> = []
    ) {
        self.verdict = verdict
        self.findings = findings
        self.observed = observed
        self.tolerated = tolerated
        self.failedSteps = failedSteps
    }
}
