// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import JSONText
import Specs

/// One entry of a stored transcript, and what its members mean in the plan that it is about.
struct StoredEntry {
    let object: StoredObject
    private let plan: Plan
    private let steps: Set<StepID>
    /// How many messages have come before it.
    private let messageCount: Int

    /// `steps` are those of the plan, which are looked up for each entry.
    init(
        _ object: StoredObject, of plan: Plan, steps: Set<StepID>, after messageCount: Int
    ) {
        self.object = object
        self.plan = plan
        self.steps = steps
        self.messageCount = messageCount
    }

    func link(_ key: String = "link") throws(StoredReportError) -> LinkID {
        let label = try object.text(key)
        guard let index = plan.links.firstIndex(where: { $0.label == label }) else {
            throw object.problem("the scenario has no connection '\(label)' any more")
        }
        return LinkID(index)
    }

    func listener() throws(StoredReportError) -> ListenerID {
        let label = try object.text("port")
        guard let index = plan.listeners.firstIndex(where: { $0.label == label }) else {
            throw object.problem("the scenario has no port '\(label)' any more")
        }
        return ListenerID(index)
    }

    func server() throws(StoredReportError) -> ServerID {
        guard let name = object.optionalText("server") else { return .main }
        guard let index = plan.servers.firstIndex(where: { $0.name == name }) else {
            throw object.problem("the scenario has no server '\(name)' any more")
        }
        return ServerID(index)
    }

    func step() throws(StoredReportError) -> StepID {
        let number = try object.count("step")
        guard steps.contains(StepID(number)) else {
            throw object.problem("the scenario has no step \(number) any more")
        }
        return StepID(number)
    }

    /// The number of a message that has come before.
    func message() throws(StoredReportError) -> Int {
        let number = try object.integer("message")
        guard (0..<messageCount).contains(number) else {
            throw object.problem("message \(number) has not come yet")
        }
        return number
    }

    func searched() throws(StoredReportError) -> SearchedFiles {
        var files = SearchedFiles(count: try object.count("files"), found: [])
        for node in try object.list("found") {
            let place = StoredObject(node)
            files.found.append(
                FoundText(text: try place.count("text"), file: try place.text("file")))
        }
        return files
    }

    /// Why a server did not come back; `nil` where it did.
    func restartFailure() -> RestartFailure? {
        guard let sentence = object.optionalText("failure") else { return nil }
        return (try? object.flag("undecided")) == true ? .undecided(sentence) : .ended(sentence)
    }

    /// One of the words that a value can be.
    func word<Word: RawRepresentable<String>>(_ key: String) throws(StoredReportError) -> Word {
        let text = try object.text(key)
        guard let word = Word(rawValue: text) else {
            throw object.problem("'\(key)' cannot be '\(text)'")
        }
        return word
    }

    func outcome() throws(StoredReportError) -> StepOutcome {
        let text = try object.text("outcome")
        let outcomes: [StepOutcome] = [.held, .departed, .silent, .ended, .refused]
        guard let outcome = outcomes.first(where: { $0.word == text }) else {
            throw object.problem("there is no outcome called '\(text)'")
        }
        return outcome
    }

    /// The message that the entry brings; messages come by their numbers.
    func newMessage() throws(StoredReportError) -> (number: Int, message: ReceivedMessage) {
        let number = try object.integer("message")
        guard number == messageCount else {
            throw object.problem("message \(number) comes out of turn")
        }
        let message = try framedMessage()
        let received = ReceivedMessage(
            link: try link(), message: message, form: object.optionalText("form"),
            state: try object.text("state"))
        return (number, received)
    }

    private func framedMessage() throws(StoredReportError) -> FramedMessage {
        let payload = try object.bytes("payload")
        let framed = try? plan.document.framing.frame(payload).bytes
        let frame = try object.has("frame") ? object.bytes("frame") : framed ?? payload
        var message = FramedMessage(
            payload: payload, bytes: frame, streamOffset: try object.count("streamOffset"),
            json: plan.document.framing.json(in: payload))
        for node in object.node["deviations"]?.value.elements ?? [] {
            guard let deviation = node.value.text.flatMap(FramingDeviation.init) else {
                throw object.problem("a deviation is not known")
            }
            message.deviations.insert(deviation)
        }
        return message
    }
}
