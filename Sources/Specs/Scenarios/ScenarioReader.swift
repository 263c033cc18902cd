// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// Reads one file of scenarios.
package enum ScenarioReader {
    package static func topic(reading node: JSONNode, file: String, log: ProblemLog) -> Topic {
        let reader = NodeReader(node, file: file, log: log)
        reader.refuseKeys(otherThan: ["$schema", "topic", "scenarios"], in: "a scenario file")
        return Topic(
            title: reader.required("topic", in: "a scenario file")?.string ?? "", file: file,
            scenarios: reader.required("scenarios", in: "a scenario file")?.elements
                .compactMap(scenario) ?? [])
    }

    private static let keys = [
        "id", "title", "requirements", "level", "foreach", "values", "files", "servers", "needs",
        "allow", "within",
        "split", "preamble", "steps", "note",
    ]

    private static func scenario(_ reader: NodeReader) -> Scenario? {
        guard reader.isObject else {
            reader.noteKind(wanted: "a scenario (an object)")
            return nil
        }
        let problems = reader.log.count
        reader.refuseKeys(otherThan: keys, in: "a scenario")
        // What stands under a key that nobody knows may be its steps.
        let hidden = reader.log.count > problems ? [StepReader.unread(reader)] : []
        var scenario = read(reader)
        scenario.preamble = hidden + scenario.preamble
        scenario.isDamaged = reader.log.count > problems
        return scenario
    }

    /// A scenario without a title or an id is read like any other, so that all its errors are told.
    private static func read(_ reader: NodeReader) -> Scenario {
        let what = "a scenario"
        let requirements = reader.required("requirements", in: what)
        requirements?.noteIfEmpty("a scenario names at least one requirement")
        let named = requirements?.elements.filter { $0.string != nil } ?? []
        let needs = reader["needs"]?.elements ?? []
        let allowed = reader["allow"]?.elements ?? []
        return Scenario(
            id: reader.required("id", in: what)?.string ?? "",
            title: reader.required("title", in: what)?.string ?? "",
            requirements: named.compactMap(\.string), level: reader["level"]?.oneOf(Level.self),
            foreach: reader["foreach"].map(IterationReader.iteration),
            values: reader["values"]?.members.map(value) ?? [],
            servers: ServerReader.servers(of: reader),
            needs: needs.filter { !$0.isObject }.compactMap { $0.oneOf(Need.self) },
            accounts: needs.filter(\.isObject).compactMap(accounts).max(),
            allow: allowed.filter { $0["close"] == nil }.map(PatternReader.pattern),
            allowedEnds: allowed.compactMap(allowedEnd),
            within: reader["within"]?.duration, split: reader["split"]?.template,
            preamble: StepReader.steps(reader["preamble"]),
            steps: StepReader.filledSteps(of: reader, in: what), position: reader.position,
            places: ScenarioPlaces(
                requirements: named.map(\.position), level: reader["level"]?.position))
    }

    /// The number of `{"accounts": 4}`.
    private static func accounts(_ reader: NodeReader) -> Int? {
        reader.refuseKeys(otherThan: ["accounts"], in: "a need with a number")
        return reader.required("accounts", in: "a need with a number")?.int(in: 1...256)
    }

    /// `{"close": "either", "peer": "bob"}`; `nil` for what is a pattern of a message.
    private static func allowedEnd(_ reader: NodeReader) -> AllowedEnd? {
        guard reader.isObject, let close = reader["close"] else { return nil }
        reader.refuseKeys(otherThan: ["close", "peer", "link"], in: "an allowed end")
        return AllowedEnd(
            kind: close.oneOf(CloseKind.self) ?? .either, peer: reader["peer"]?.template,
            link: reader["link"]?.string ?? StepTemplate.mainLink)
    }

    private static func value(_ member: (key: String, reader: NodeReader)) -> NamedValue {
        let reader = member.reader
        func named(_ value: ValueTemplate) -> NamedValue {
            NamedValue(name: member.key, value: value, position: reader.position)
        }
        guard reader.isObject else {
            return named(.generated(reader.string ?? "", length: nil))
        }
        let keys = ["generator", "length", "behind", "to", "text", "otherCase"]
        reader.refuseKeys(otherThan: keys, in: "a value")
        if let text = reader["text"] { return named(.text(text.template)) }
        if let text = reader["otherCase"] { return named(.otherCase(text.template)) }
        let generator = reader.required("generator", in: "a value")?.string ?? ""
        guard let behind = reader["behind"], let total = reader.required("to", in: "a value") else {
            return named(.generated(generator, length: reader["length"]?.template))
        }
        return named(.filling(generator, behind: behind.template, total: total.template))
    }
}
