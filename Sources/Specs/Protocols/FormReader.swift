// SPDX-License-Identifier: Apache-2.0

/// Reads message forms, session states and their transitions.
enum FormReader {
    static func forms(_ reader: NodeReader?) -> MessageForms {
        var forms = MessageForms()
        for direction in Direction.allCases {
            let entries = reader?.required(direction.rawValue, in: "'forms'")?.elements ?? []
            forms.all += entries.compactMap { form($0, direction) }
        }
        reader?.refuseKeys(otherThan: Direction.allCases.map(\.rawValue), in: "'forms'")
        return forms
    }

    private static func form(_ reader: NodeReader, _ direction: Direction) -> MessageForm? {
        let what = "a message form"
        let own = direction == .server ? ["unasked"] : []
        reader.refuseKeys(otherThan: ["form", "message", "states"] + own, in: what)
        guard let name = reader.required("form", in: what)?.string,
            let message = reader.required("message", in: what)
        else { return nil }
        return MessageForm(
            name: name, direction: direction, pattern: pattern(message),
            states: reader["states"]?.strings ?? [], unasked: reader["unasked"]?.string,
            position: reader.position)
    }

    static func pattern(_ reader: NodeReader) -> FormPattern {
        guard reader.isObject else { return .text(text(reader.template, reader)) }
        reader.refuseKeys(otherThan: ["json"], in: "the pattern of a form")
        guard let json = reader.required("json", in: "the pattern of a form") else {
            return .text(TextPattern([]))
        }
        return .json(JSONPatternReader.pattern(json).map { text($0, json) })
    }

    private static func text(_ template: Template, _ reader: NodeReader) -> TextPattern {
        let parts = template.parts.compactMap { part -> TextPattern.Part? in
            switch part {
            case .literal(let bytes): .literal(bytes)
            case .capture(let name): .capture(name)
            case .value: nil
            }
        }
        if parts.count != template.parts.count {
            reader.note("a message form has no values", advice: "write {{name}} for what varies")
        }
        return TextPattern(parts)
    }

    static func states(_ reader: NodeReader) -> SessionStates {
        SessionStates(
            names: reader.required("states", in: "a protocol file")?.strings ?? [],
            transitions: reader["transitions"]?.elements.compactMap(transition) ?? [])
    }

    private static func transition(_ reader: NodeReader) -> SessionStates.Transition? {
        let what = "a transition"
        reader.refuseKeys(otherThan: ["from", "client", "server", "to"], in: what)
        guard let from = reader.required("from", in: what)?.string,
            let to = reader.required("to", in: what)?.string
        else { return nil }
        for direction in Direction.allCases {
            guard let form = reader[direction.rawValue] else { continue }
            if form.isTrue {
                return .init(from: from, direction: direction, form: nil, to: to)
            }
            return .init(from: from, direction: direction, form: form.string, to: to)
        }
        reader.note("a transition names the form that causes it", advice: "'client' or 'server'")
        return nil
    }

    /// Notes states and forms that are named but not there.
    static func check(_ document: ProtocolDocument, _ reader: NodeReader) {
        let states = document.states.names
        func known(_ state: String, _ place: NodeReader?) {
            guard !states.contains(state) else { return }
            place?.note(
                "there is no state '\(state)'", advice: NodeReader.choice(of: states, near: state))
        }
        for (transition, place) in zip(
            document.states.transitions, reader["transitions"]?.elements ?? [])
        {
            known(transition.from, place)
            known(transition.to, place)
            let forms = document.forms.forms(of: transition.direction).map(\.name)
            if let form = transition.form, !forms.contains(form) {
                place.note(
                    "there is no \(transition.direction.rawValue) form '\(form)'",
                    advice: NodeReader.choice(of: forms, near: form))
            }
        }
        for form in document.forms.all {
            for state in form.states where !states.contains(state) {
                reader.log.note(
                    "there is no state '\(state)'", at: form.position,
                    advice: NodeReader.choice(of: states, near: state))
            }
        }
        for (barrier, place) in zip(document.barriers, reader["barriers"]?.elements ?? []) {
            for state in barrier.states { known(state, place) }
        }
    }
}
