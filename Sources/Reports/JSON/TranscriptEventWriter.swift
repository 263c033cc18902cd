// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import JSONText
import Specs

/// One event as members of an entry: `event` is its word, the others are what it holds.
struct TranscriptEventWriter {
    let plan: Plan
    let transcript: Transcript

    func write(_ event: TranscriptEvent, to object: inout JSONObjectWriter) {
        object.member("event", event.word)
        if let link = event.link { object.member("link", plan.label(of: link)) }
        if let step = event.step { object.member("step", step.number) }
        switch event {
        case .finished(_, let outcome): object.member("outcome", outcome.word)
        case .refused(_, let reason): object.member("reason", reason)
        case .sent(_, let bytes, _), .received(_, let bytes): object.bytes("bytes", bytes)
        case .said(_, let form, let state, let payload):
            object.optional("form", form)
            object.member("state", state)
            object.bytes("payload", payload)
        case .taken(_, let proof): object.member("proof", proof.rawValue)
        case .cut(_, let form, let offset, let isProven):
            object.optional("form", form)
            object.member("offset", offset)
            object.member("proven", isProven)
        case .message(let number): writeMessage(number, to: &object)
        case .barrierSent(_, let nonce): object.bytes("nonce", nonce)
        case .barrierAnswered(_, let message), .took(_, let message), .allowed(let message),
            .cleared(let message), .confirmed(_, let message):
            object.member("message", message)
        case .learned(let name, let value):
            object.member("name", name)
            object.bytes("value", value)
        case .listening(let listener, let port):
            object.member("port", plan.label(of: listener))
            object.member("number", Int(port))
        case .arrivals(let listener, let isSomebodyThere):
            object.member("port", plan.label(of: listener))
            object.member("waiting", isSomebodyThere)
        case .relayed(_, let asker): object.member("by", plan.label(of: asker))
        case .answered(_, let rule, let message):
            object.member("rule", rule)
            object.member("message", message)
        case .waited(_, let nanoseconds): object.member("waitedNs", Int(nanoseconds))
        case .proof(_, let proof): object.member("proof", proof.rawValue)
        case .chose(_, let alternative): object.optional("alternative", alternative)
        case .attempt(_, let attempt): object.member("attempt", attempt)
        case .ended(_, let end): object.member("end", end.rawValue)
        case .backlog(_, let waiting): object.optional("waitingBytes", waiting)
        case .waitedQuietly(_, let nanoseconds): object.member("quietNs", Int(nanoseconds))
        case .serverEnded(let how, let server):
            object.member("how", how)
            if server != .main { object.member("server", plan.label(of: server)) }
        case .restarted(let failure):
            object.optional("failure", failure?.sentence)
            if failure?.isUndecided == true { object.member("undecided", true) }
        case .threads(_, let count): object.optional("number", count)
        case .signalled(_, let signal): object.member("signal", signal.rawValue)
        case .searched(_, let files): write(files, to: &object)
        case .aborted(let reason): write(reason, to: &object)
        case .began, .connecting, .connected, .accepting, .closedWrite, .closed, .reset,
            .stoppedReading,
            .resumedReading:
            break
        }
    }

    /// The frame is written where it is not what the protocol's framing makes of the payload.
    private func writeMessage(_ number: Int, to object: inout JSONObjectWriter) {
        object.member("message", number)
        guard transcript.messages.indices.contains(number) else { return }
        let received = transcript.messages[number]
        let message = received.message
        object.member("link", plan.label(of: received.link))
        object.optional("form", received.form)
        object.member("state", received.state)
        object.member("streamOffset", message.streamOffset)
        object.bytes("payload", message.payload)
        if (try? plan.document.framing.frame(message.payload).bytes) != message.bytes {
            object.bytes("frame", message.bytes)
        }
        object.optional("deviations", message.deviations.map(\.rawValue).sorted())
    }

    private func write(_ files: SearchedFiles, to object: inout JSONObjectWriter) {
        object.member("files", files.count)
        object.array("found") { array in
            for found in files.found {
                array.object { place in
                    place.member("text", found.text)
                    place.member("file", found.file)
                }
            }
        }
    }

    private func write(_ reason: AbortReason, to object: inout JSONObjectWriter) {
        switch reason {
        case .flooded(let bytes):
            object.member("reason", "flooded")
            object.member("receivedBytes", bytes)
        case .interrupted: object.member("reason", "interrupted")
        }
    }
}

extension Plan {
    /// How people call the connection.
    func label(of link: LinkID) -> String {
        links.indices.contains(link.index) ? links[link.index].label : "connection \(link.index)"
    }

    /// How the scenario calls the server.
    func label(of server: ServerID) -> String {
        servers.indices.contains(server.index)
            ? servers[server.index].name : "server \(server.index)"
    }

    /// How people call the port.
    func label(of listener: ListenerID) -> String {
        listeners.indices.contains(listener.index)
            ? listeners[listener.index].label : "port \(listener.index)"
    }
}
