// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

extension TranscriptEvent {
    /// A short word for machines.
    var word: String {
        switch self {
        case .began: "began"
        case .finished: "finished"
        case .connecting: "connecting"
        case .connected: "connected"
        case .learned: "learned"
        case .listening: "listening"
        case .accepting: "accepting"
        case .arrivals: "arrivals"
        case .refused: "refused"
        case .sent: "sent"
        case .said: "said"
        case .taken: "taken"
        case .cut: "cut"
        case .received: "received"
        case .message: "message"
        case .barrierSent: "barrierSent"
        case .barrierAnswered: "barrierAnswered"
        case .relayed: "relayed"
        case .confirmed: "confirmed"
        case .answered: "answered"
        case .waited: "waited"
        case .took: "took"
        case .allowed: "allowed"
        case .cleared: "cleared"
        case .proof: "proof"
        case .chose: "chose"
        case .attempt: "attempt"
        case .ended: "ended"
        case .closedWrite: "closedWrite"
        case .closed: "closed"
        case .reset: "reset"
        case .stoppedReading: "stoppedReading"
        case .resumedReading: "resumedReading"
        case .backlog: "backlog"
        case .waitedQuietly: "waitedQuietly"
        case .serverEnded: "serverEnded"
        case .restarted: "restarted"
        case .threads: "threads"
        case .signalled: "signalled"
        case .searched: "searched"
        case .aborted: "aborted"
        }
    }

    /// The connection on which it happened, where the event itself names one.
    var link: LinkID? {
        switch self {
        case .connecting(let link), .connected(let link), .accepting(let link),
            .refused(let link, _), .relayed(let link, _), .confirmed(let link, _),
            .sent(let link, _, _), .said(let link, _, _, _), .taken(let link, _),
            .cut(let link, _, _, _), .received(let link, _), .barrierSent(let link, _),
            .barrierAnswered(let link, _), .ended(let link, _), .closedWrite(let link),
            .closed(let link), .reset(let link), .stoppedReading(let link),
            .resumedReading(let link), .backlog(let link, _):
            link
        case .began, .finished, .message, .took, .allowed, .cleared, .proof, .chose, .attempt,
            .learned, .listening, .arrivals, .answered, .waited, .waitedQuietly, .serverEnded,
            .restarted, .threads, .signalled, .searched, .aborted:
            nil
        }
    }

    /// The step that it belongs to, where there is one.
    var step: StepID? {
        switch self {
        case .began(let step), .finished(let step, _), .took(let step, _), .proof(let step, _),
            .chose(let step, _), .attempt(let step, _), .waitedQuietly(let step, _),
            .answered(let step, _, _), .waited(let step, _), .threads(let step, _),
            .signalled(let step, _), .searched(let step, _):
            step
        case .sent(_, _, let step): step
        case .connecting, .connected, .learned, .listening, .accepting, .arrivals, .refused, .said,
            .taken, .cut, .received, .message, .barrierSent, .barrierAnswered, .relayed, .confirmed,
            .allowed, .cleared, .ended, .closedWrite, .closed,
            .reset, .stoppedReading, .resumedReading, .backlog, .serverEnded, .restarted, .aborted:
            nil
        }
    }
}

extension StepOutcome {
    var word: String {
        switch self {
        case .held: "held"
        case .departed: "departed"
        case .silent: "silent"
        case .ended: "ended"
        case .refused: "refused"
        }
    }
}
