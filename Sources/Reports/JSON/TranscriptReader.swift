// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import JSONText

/// Reads back a transcript that `JSONReport` wrote, so that it can be judged again.
package struct TranscriptReader {
    private let plan: Plan
    private let steps: Set<StepID>
    private var transcript = Transcript()

    /// `plan` is the case's plan with the seed of its run; its connections go by their labels.
    ///
    /// Throws where the transcript is none, or does not fit the plan.
    package static func transcript(
        _ node: JSONNode, of plan: Plan
    ) throws(StoredReportError) -> Transcript {
        var reader = TranscriptReader(plan: plan)
        for entry in try StoredObject(node).list("entries") {
            try reader.take(StoredObject(entry))
        }
        return reader.transcript
    }

    private init(plan: Plan) {
        self.plan = plan
        steps = Set(plan.allSteps.map(\.id))
    }

    private mutating func take(_ object: StoredObject) throws(StoredReportError) {
        let entry = StoredEntry(
            object, of: plan, steps: steps, after: transcript.messages.count)
        let event = try event(entry)
        transcript.entries.append(
            TranscriptEntry(time: Int64(try object.count("timeNs")), event: event))
    }

    private mutating func event(_ entry: StoredEntry) throws(StoredReportError) -> TranscriptEvent {
        guard try entry.object.text("event") == "message" else { return try entry.event() }
        let (number, message) = try entry.newMessage()
        transcript.messages.append(message)
        return .message(number)
    }
}
