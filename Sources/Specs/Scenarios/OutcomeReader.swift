// SPDX-License-Identifier: Apache-2.0

extension VerbReader {
    static func eventually(_ reader: NodeReader) -> Verb {
        let what = "'eventually'"
        reader.refuseKeys(otherThan: ["send", "until"], in: what)
        let content = reader.required("send", in: what)?.content ?? .bytes([])
        guard let until = reader.required("until", in: what) else {
            return .eventually(send: content, until: .nothing)
        }
        return .eventually(
            send: content, until: outcome(until) ?? .messages([PatternReader.pattern(until)]))
    }

    static func alternative(_ reader: NodeReader) -> AlternativeTemplate {
        let own = ["as", "tolerated", "steps"]
        reader.refuseKeys(otherThan: own + outcomeKeys, in: "an alternative")
        let outcome = outcome(reader)
        if outcome == nil {
            reader.note(
                "this alternative says nothing of what comes",
                advice: "one of: " + outcomeKeys.joined(separator: ", "))
        }
        return AlternativeTemplate(
            outcome: outcome ?? .nothing, label: reader["as"]?.string,
            tolerated: reader["tolerated"]?.string, steps: StepReader.steps(reader["steps"]))
    }

    private static let outcomeKeys = ["message", "messages", "close", "nothing"]

    private static func outcome(_ reader: NodeReader) -> OutcomeTemplate? {
        guard reader.isObject else { return nil }
        let close = reader["close"].map { $0.oneOf(CloseKind.self) ?? .either }
        if let nothing = reader["nothing"] {
            nothing.expectTrue()
            return .nothing
        }
        var patterns: [PatternTemplate]?
        if let message = reader["message"] { patterns = [PatternReader.pattern(message)] }
        if let messages = reader["messages"] {
            patterns = messages.elements(of: "pattern").map(PatternReader.pattern)
        }
        return switch (patterns, close) {
        case (let patterns?, let close?): .messagesThenClose(patterns, close)
        case (let patterns?, nil): .messages(patterns)
        case (nil, let close?): .close(close)
        case (nil, nil): nil
        }
    }
}
