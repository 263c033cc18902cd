// SPDX-License-Identifier: Apache-2.0

/// Reads `{"i": {"from": 1, "to": 16}}` and `{"case": [...]}`.
enum IterationReader {
    static func iteration(_ reader: NodeReader) -> Iteration {
        let variables = reader.members.map { key, domain in
            Iteration.Variable(
                name: key, domain: self.domain(domain), position: domain.position)
        }
        if variables.isEmpty { reader.note("an iteration names at least one variable") }
        return Iteration(variables: variables, position: reader.position)
    }

    private static func domain(_ reader: NodeReader) -> Iteration.Domain {
        if reader.isArray { return .values(reader.elements(of: "value").map(element)) }
        let what = "a range"
        reader.refuseKeys(otherThan: ["from", "to", "step", "except"], in: what)
        let none = Template(literal: [], position: reader.position)
        return .range(
            from: reader.required("from", in: what)?.template ?? none,
            to: reader.required("to", in: what)?.template ?? none,
            step: reader["step"]?.int(in: 1...1_000_000) ?? 1,
            except: reader["except"]?.template)
    }

    private static func element(_ reader: NodeReader) -> Iteration.Element {
        guard reader.isObject else {
            return Iteration.Element(content: .text(reader.template))
        }
        let label = reader["as"]?.string
        let level = reader["level"]
        if let literal = reader["value"] {
            reader.refuseKeys(otherThan: ["value", "as", "level"], in: "a listed value")
            return Iteration.Element(
                content: .text(literal.template), label: label,
                level: level?.oneOf(Level.self), levelPosition: level?.position)
        }
        let fields = fields(reader, otherThan: ["as", "level"])
        if label == nil { reader.note("a case with fields lacks 'as', its name") }
        return Iteration.Element(
            content: .fields(fields), label: label, level: level?.oneOf(Level.self),
            levelPosition: level?.position)
    }

    static func fields(
        _ reader: NodeReader, otherThan reserved: [String] = []
    ) -> [Iteration.Element.Field] {
        reader.members.filter { !reserved.contains($0.key) }
            .map { Iteration.Element.Field(name: $0.key, content: $0.reader.template) }
    }
}
