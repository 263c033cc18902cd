// SPDX-License-Identifier: Apache-2.0

/// Reads the operand of `respond`: a rule, several, or `false` for none.
enum ResponseReader {
    private static let deeds = ["send", "sendAll", "sendBytes", "close", "reset"]

    static func responses(_ reader: NodeReader) -> [ResponseTemplate] {
        if reader.isFalse { return [] }
        if reader.isArray { return reader.elements.compactMap(response) }
        return [response(reader)].compactMap { $0 }
    }

    private static func response(_ reader: NodeReader) -> ResponseTemplate? {
        let what = "'respond'"
        guard reader.isObject else {
            reader.noteKind(wanted: "a rule with 'to' (an object), an array of rules, or false")
            return nil
        }
        reader.refuseKeys(otherThan: ["to", "after", "collect", "times"] + deeds, in: what)
        guard let message = reader.required("to", in: what), let deed = deed(reader) else {
            return nil
        }
        return ResponseTemplate(
            to: PatternReader.pattern(message), deed: deed,
            after: reader["after"]?.duration ?? 0, collects: reader["collect"]?.bool ?? false,
            times: reader["times"]?.int(in: 1...1_000_000))
    }

    private static func deed(_ reader: NodeReader) -> ResponseTemplate.Deed? {
        let named = deeds.filter { reader[$0] != nil }
        guard let name = named.first, named.count == 1, let operand = reader[name] else {
            reader.note(
                "'respond' does exactly one thing",
                advice: "one of: " + deeds.joined(separator: ", "))
            return nil
        }
        switch name {
        case "send": return .send([ContentListElement(content: operand.content)])
        case "sendAll": return .send(operand.elements(of: "message").map(VerbReader.listElement))
        case "sendBytes": return .sendBytes(VerbReader.chunks(operand))
        default:
            operand.expectTrue()
            return name == "close" ? .close : .reset
        }
    }
}
