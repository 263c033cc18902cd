// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// Reads `protocol.json`.
package enum ProtocolReader {
    private static let keys = [
        "$schema", "protocol", "title", "framing", "forms", "states", "transitions",
        "generators", "peerNames", "procedures", "barriers", "features", "unknownForms",
        "unaskedElsewhere", "links", "accounts", "places", "taken",
    ]

    package static func document(
        reading node: JSONNode, file: String, log: ProblemLog
    ) -> ProtocolDocument? {
        let reader = NodeReader(node, file: file, log: log)
        let what = "a protocol file"
        reader.refuseKeys(otherThan: keys, in: what)
        guard let name = reader.required("protocol", in: what)?.string,
            let framing = reader.required("framing", in: what),
            let borders = FramingReader.framing(framing)
        else { return nil }
        let document = ProtocolDocument(
            name: name, title: reader.required("title", in: what)?.string ?? name,
            framing: borders, tolerates: FramingReader.tolerated(framing),
            forms: FormReader.forms(reader.required("forms", in: what)),
            states: FormReader.states(reader),
            generators: generators(reader.required("generators", in: what)),
            peerNames: reader.required("peerNames", in: what)?.string ?? "",
            procedures: procedures(reader["procedures"]), barriers: barriers(reader["barriers"]),
            features: features(reader["features"]), places: places(reader["places"]),
            unknownForms: reader["unknownForms"]?.string,
            unaskedElsewhere: reader["unaskedElsewhere"]?.strings ?? [],
            links: LinkReader.links(reader["links"]),
            accounts: LinkReader.accounts(reader["accounts"]),
            taken: (reader["taken"]?.elements ?? []).map(FormReader.pattern))
        if document.generators[document.peerNames] == nil {
            reader["peerNames"]?.note(
                "there is no generator '\(document.peerNames)'",
                advice: NodeReader.choice(
                    of: document.generators.keys.sorted(), near: document.peerNames))
        }
        FormReader.check(document, reader)
        LinkReader.check(document, reader)
        return document
    }

    private static func generators(_ reader: NodeReader?) -> [String: Generator] {
        var generators: [String: Generator] = [:]
        for (name, entry) in reader?.members ?? [] {
            entry.refuseKeys(otherThan: ["alphabet", "first", "length"], in: "a generator")
            let alphabet = characters(entry.required("alphabet", in: "a generator"))
            generators[name] = Generator(
                alphabet: alphabet, first: entry["first"].map(characters) ?? alphabet,
                length: length(entry.required("length", in: "a generator")))
        }
        return generators
    }

    private static func characters(_ reader: NodeReader?) -> [[UInt8]] {
        let text = reader?.string ?? "x"
        if text.isEmpty { reader?.note("an alphabet has at least one character") }
        return text.unicodeScalars.map { Array(String($0).utf8) }
    }

    private static func length(_ reader: NodeReader?) -> ClosedRange<Int> {
        let bounds = reader?.elements.compactMap { $0.int(in: 1...100_000) } ?? []
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
            reader?.note("a length is a pair of numbers", advice: "write [8, 12]")
            return 8...8
        }
        return bounds[0]...bounds[1]
    }

    private static func procedures(_ reader: NodeReader?) -> [String: Procedure] {
        var procedures: [String: Procedure] = [:]
        for (name, entry) in reader?.members ?? [] {
            entry.refuseKeys(otherThan: ["parameters", "steps", "allow"], in: "a procedure")
            procedures[name] = Procedure(
                parameters: entry["parameters"]?.strings ?? [],
                steps: StepReader.procedureSteps(entry.required("steps", in: "a procedure")),
                allow: (entry["allow"]?.elements ?? []).map(PatternReader.pattern))
        }
        return procedures
    }

    private static func barriers(_ reader: NodeReader?) -> [BarrierTemplate] {
        reader?.elements.compactMap { entry in
            let what = "a barrier"
            entry.refuseKeys(
                otherThan: ["states", "link", "send", "answer", "through", "strayed"], in: what)
            guard let send = entry.required("send", in: what)?.content,
                let answer = entry.required("answer", in: what)
            else { return nil }
            return BarrierTemplate(
                states: entry["states"]?.strings ?? [],
                link: entry["link"]?.string ?? StepTemplate.mainLink, send: send,
                answer: PatternReader.pattern(answer),
                through: entry["through"].flatMap(LinkReader.relay),
                strayed: entry["strayed"]?.string)
        } ?? []
    }

    private static func places(_ reader: NodeReader?) -> Need? {
        guard let reader, let need = reader.oneOf(Need.self) else { return nil }
        if !Need.features.contains(need) {
            reader.note("'\(need.rawValue)' is no feature of a server")
        }
        return need
    }

    private static func features(_ reader: NodeReader?) -> [String: String] {
        var features: [String: String] = [:]
        for (name, value) in reader?.features ?? [] {
            features[name] = value.template.literal.map { String(decoding: $0, as: UTF8.self) }
        }
        return features
    }
}
