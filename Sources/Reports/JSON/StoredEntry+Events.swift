// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// The events that entries tell of, by their names.
extension StoredEntry {
    /// The event that the entry tells of, which is no new message.
    func event() throws(StoredReportError) -> TranscriptEvent {
        let name = try object.text("event")
        if let event = try aboutLink(name) { return event }
        if let event = try aboutStep(name) { return event }
        if let event = try aboutRest(name) { return event }
        throw object.problem("there is no event called '\(name)'")
    }

    private func aboutLink(_ name: String) throws(StoredReportError) -> TranscriptEvent? {
        switch name {
        case "connecting": .connecting(try link())
        case "connected": .connected(try link())
        case "accepting": .accepting(try link())
        case "relayed": .relayed(try link(), by: try link("by"))
        case "confirmed": .confirmed(try link(), message: try message())
        case "refused": .refused(try link(), reason: try object.text("reason"))
        case "sent":
            .sent(
                try link(), try object.bytes("bytes"), step: object.has("step") ? try step() : nil)
        case "said":
            .said(
                try link(), form: object.optionalText("form"), state: try object.text("state"),
                payload: try object.bytes("payload"))
        case "taken": .taken(try link(), try word("proof"))
        case "cut":
            .cut(
                try link(), form: object.optionalText("form"),
                offset: try object.count("offset"), proven: try object.flag("proven"))
        case "received": .received(try link(), try object.bytes("bytes"))
        case "barrierSent": .barrierSent(try link(), nonce: try object.bytes("nonce"))
        case "barrierAnswered": .barrierAnswered(try link(), message: try message())
        case "ended": .ended(try link(), try word("end"))
        case "closedWrite": .closedWrite(try link())
        case "closed": .closed(try link())
        case "reset": .reset(try link())
        case "stoppedReading": .stoppedReading(try link())
        case "resumedReading": .resumedReading(try link())
        case "backlog":
            .backlog(try link(), try object.optionalCount("waitingBytes"))
        default: nil
        }
    }

    private func aboutStep(_ name: String) throws(StoredReportError) -> TranscriptEvent? {
        switch name {
        case "began": .began(try step())
        case "finished": .finished(try step(), try outcome())
        case "took": .took(try step(), message: try message())
        case "proof": .proof(try step(), try word("proof"))
        case "chose":
            .chose(try step(), alternative: try object.optionalCount("alternative"))
        case "answered":
            .answered(try step(), rule: try object.count("rule"), message: try message())
        case "waited": .waited(try step(), nanoseconds: Int64(try object.count("waitedNs")))
        case "threads": .threads(try step(), try object.optionalCount("number"))
        case "signalled": .signalled(try step(), try word("signal"))
        case "searched": .searched(try step(), try searched())
        case "attempt": .attempt(try step(), try object.count("attempt"))
        case "waitedQuietly":
            .waitedQuietly(try step(), nanoseconds: Int64(try object.count("quietNs")))
        default: nil
        }
    }

    private func aboutRest(_ name: String) throws(StoredReportError) -> TranscriptEvent? {
        switch name {
        case "allowed": return .allowed(message: try message())
        case "cleared": return .cleared(message: try message())
        case "learned": return .learned(try object.text("name"), try object.bytes("value"))
        case "listening":
            guard let port = UInt16(exactly: try object.count("number")) else {
                throw object.problem("'number' is no port")
            }
            return .listening(try listener(), port: port)
        case "arrivals": return .arrivals(try listener(), try object.flag("waiting"))
        case "restarted": return .restarted(restartFailure())
        case "serverEnded": return .serverEnded(try object.text("how"), of: try server())
        case "aborted":
            switch try object.text("reason") {
            case "interrupted": return .aborted(.interrupted)
            case "flooded":
                return .aborted(.flooded(bytes: try object.count("receivedBytes")))
            case let reason: throw object.problem("there is no reason called '\(reason)'")
            }
        default: return nil
        }
    }
}
