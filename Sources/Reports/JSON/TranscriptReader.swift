// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import JSONText
import Specs

/// Reads back a transcript that `JSONReport` wrote, so that it can be judged again.
package struct TranscriptReader {
    private let plan: Plan
    private var transcript = Transcript()

    /// `plan` is the case's plan with the seed of its run; its connections go by their labels.
    ///
    /// Throws where the transcript is none, or does not fit the plan.
    package static func transcript(
        _ node: JSONNode, of plan: Plan
    ) throws(StoredReportError) -> Transcript {
        var reader = TranscriptReader(plan: plan)
        for entry in try StoredObject(node).list("entries") {
            let object = StoredObject(entry)
            let event = try reader.event(object)
            reader.transcript.entries.append(
                TranscriptEntry(time: Int64(try object.integer("timeNs")), event: event))
        }
        return reader.transcript
    }

    private init(plan: Plan) { self.plan = plan }

    private mutating func event(
        _ entry: StoredObject
    ) throws(StoredReportError) -> TranscriptEvent {
        let word = try entry.text("event")
        if word == "message" { return .message(try readMessage(entry)) }
        if let event = try aboutLink(word, entry) { return event }
        if let event = try aboutStep(word, entry) { return event }
        if let event = try aboutRest(word, entry) { return event }
        throw entry.problem("there is no event called '\(word)'")
    }

    // MARK: Events

    private func aboutLink(
        _ word: String, _ entry: StoredObject
    ) throws(StoredReportError) -> TranscriptEvent? {
        switch word {
        case "connecting": .connecting(try link(entry))
        case "connected": .connected(try link(entry))
        case "accepting": .accepting(try link(entry))
        case "relayed": .relayed(try link(entry), by: try link(entry, "by"))
        case "confirmed": .confirmed(try link(entry), message: try message(entry))
        case "refused": .refused(try link(entry), reason: try entry.text("reason"))
        case "sent":
            .sent(
                try link(entry), try entry.bytes("bytes"),
                step: entry.has("step") ? try step(entry) : nil)
        case "said":
            .said(
                try link(entry), form: entry.optionalText("form"), state: try entry.text("state"),
                payload: try entry.bytes("payload"))
        case "taken": .taken(try link(entry), try self.word(entry, "proof"))
        case "cut":
            .cut(
                try link(entry), form: entry.optionalText("form"),
                offset: try entry.integer("offset"), proven: try entry.flag("proven"))
        case "received": .received(try link(entry), try entry.bytes("bytes"))
        case "barrierSent": .barrierSent(try link(entry), nonce: try entry.bytes("nonce"))
        case "barrierAnswered":
            .barrierAnswered(try link(entry), message: try message(entry))
        case "ended": .ended(try link(entry), try self.word(entry, "end"))
        case "closedWrite": .closedWrite(try link(entry))
        case "closed": .closed(try link(entry))
        case "reset": .reset(try link(entry))
        case "stoppedReading": .stoppedReading(try link(entry))
        case "resumedReading": .resumedReading(try link(entry))
        case "backlog":
            .backlog(
                try link(entry),
                entry.has("waitingBytes") ? try entry.integer("waitingBytes") : nil)
        default: nil
        }
    }

    private func aboutStep(
        _ word: String, _ entry: StoredObject
    ) throws(StoredReportError) -> TranscriptEvent? {
        switch word {
        case "began": .began(try step(entry))
        case "finished": .finished(try step(entry), try outcome(entry))
        case "took": .took(try step(entry), message: try message(entry))
        case "proof": .proof(try step(entry), try self.word(entry, "proof"))
        case "chose":
            .chose(
                try step(entry),
                alternative: entry.has("alternative") ? try entry.integer("alternative") : nil)
        case "answered":
            .answered(
                try step(entry), rule: try entry.integer("rule"), message: try message(entry))
        case "waited":
            .waited(try step(entry), nanoseconds: Int64(try entry.integer("waitedNs")))
        case "threads":
            .threads(try step(entry), entry.has("number") ? try entry.integer("number") : nil)
        case "signalled": .signalled(try step(entry), try self.word(entry, "signal"))
        case "searched": .searched(try step(entry), try searched(entry))
        case "attempt": .attempt(try step(entry), try entry.integer("attempt"))
        case "waitedQuietly":
            .waitedQuietly(
                try step(entry), nanoseconds: Int64(try entry.integer("quietNs")))
        default: nil
        }
    }

    private func aboutRest(
        _ word: String, _ entry: StoredObject
    ) throws(StoredReportError) -> TranscriptEvent? {
        switch word {
        case "allowed": return .allowed(message: try message(entry))
        case "cleared": return .cleared(message: try message(entry))
        case "learned": return .learned(try entry.text("name"), try entry.bytes("value"))
        case "listening":
            guard let port = UInt16(exactly: try entry.integer("number")) else {
                throw entry.problem("'number' is no port")
            }
            return .listening(try listener(entry), port: port)
        case "arrivals": return .arrivals(try listener(entry), try entry.flag("waiting"))
        case "restarted": return .restarted(restartFailure(entry))
        case "serverEnded":
            return .serverEnded(try entry.text("how"), of: try server(entry))
        case "aborted":
            switch try entry.text("reason") {
            case "interrupted": return .aborted(.interrupted)
            case "flooded":
                return .aborted(.flooded(bytes: try entry.integer("receivedBytes")))
            case let reason: throw entry.problem("there is no reason called '\(reason)'")
            }
        default: return nil
        }
    }

    // MARK: What events hold

    private func searched(_ entry: StoredObject) throws(StoredReportError) -> SearchedFiles {
        var files = SearchedFiles(count: try entry.integer("files"), found: [])
        for node in try entry.list("found") {
            let place = StoredObject(node)
            files.found.append(
                FoundText(text: try place.integer("text"), file: try place.text("file")))
        }
        return files
    }

    private func listener(_ entry: StoredObject) throws(StoredReportError) -> ListenerID {
        let label = try entry.text("port")
        guard let index = plan.listeners.firstIndex(where: { $0.label == label }) else {
            throw entry.problem("the scenario has no port '\(label)' any more")
        }
        return ListenerID(index)
    }

    private func server(_ entry: StoredObject) throws(StoredReportError) -> ServerID {
        guard let name = entry.optionalText("server") else { return .main }
        guard let index = plan.servers.firstIndex(where: { $0.name == name }) else {
            throw entry.problem("the scenario has no server '\(name)' any more")
        }
        return ServerID(index)
    }

    private func link(
        _ entry: StoredObject, _ key: String = "link"
    ) throws(StoredReportError) -> LinkID {
        let label = try entry.text(key)
        guard let index = plan.links.firstIndex(where: { $0.label == label }) else {
            throw entry.problem("the scenario has no connection '\(label)' any more")
        }
        return LinkID(index)
    }

    private func step(_ entry: StoredObject) throws(StoredReportError) -> StepID {
        StepID(try entry.integer("step"))
    }

    /// Why a server did not come back; `nil` where it did.
    private func restartFailure(_ entry: StoredObject) -> RestartFailure? {
        guard let sentence = entry.optionalText("failure") else { return nil }
        return (try? entry.flag("undecided")) == true ? .undecided(sentence) : .ended(sentence)
    }

    /// The number of a message that has come before.
    private func message(_ entry: StoredObject) throws(StoredReportError) -> Int {
        let number = try entry.integer("message")
        guard transcript.messages.indices.contains(number) else {
            throw entry.problem("message \(number) has not come yet")
        }
        return number
    }

    private func word<Word: RawRepresentable<String>>(
        _ entry: StoredObject, _ key: String
    ) throws(StoredReportError) -> Word {
        let text = try entry.text(key)
        guard let word = Word(rawValue: text) else {
            throw entry.problem("'\(key)' cannot be '\(text)'")
        }
        return word
    }

    private func outcome(_ entry: StoredObject) throws(StoredReportError) -> StepOutcome {
        let text = try entry.text("outcome")
        let outcomes: [StepOutcome] = [.held, .departed, .silent, .ended, .refused]
        guard let outcome = outcomes.first(where: { $0.word == text }) else {
            throw entry.problem("there is no outcome called '\(text)'")
        }
        return outcome
    }

    /// Takes a message up; they come by their numbers.
    private mutating func readMessage(_ entry: StoredObject) throws(StoredReportError) -> Int {
        let number = try entry.integer("message")
        guard number == transcript.messages.count else {
            throw entry.problem("message \(number) comes out of turn")
        }
        let payload = try entry.bytes("payload")
        let framed = try? plan.document.framing.frame(payload).bytes
        let frame = try entry.has("frame") ? entry.bytes("frame") : framed ?? payload
        var message = FramedMessage(
            payload: payload, bytes: frame, streamOffset: try entry.integer("streamOffset"),
            json: plan.document.framing.json(in: payload))
        for node in entry.node["deviations"]?.value.elements ?? [] {
            guard let deviation = node.value.text.flatMap(FramingDeviation.init) else {
                throw entry.problem("a deviation is not known")
            }
            message.deviations.insert(deviation)
        }
        transcript.messages.append(
            ReceivedMessage(
                link: try link(entry), message: message, form: entry.optionalText("form"),
                state: try entry.text("state")))
        return number
    }
}
