// SPDX-License-Identifier: Apache-2.0

/// Reads steps: who, one verb, and what is said about it.
enum StepReader {
    private static let common = [
        "peer", "link", "server", "requirement", "level", "within", "split", "patience", "note",
    ]
    private static let verbs = [
        "connect", "listen", "refuse", "swallow", "accept", "do", "send", "sendAll", "sendBytes",
        "expect", "expectAll", "expectNothing", "expectClose", "expectRefused",
        "expectNoConnection", "closeWrite", "close", "reset", "stopReading", "resumeReading",
        "fill", "respond", "either", "observe", "eventually", "repeat", "together", "pause",
        "restart", "countThreads", "signal", "expectExit", "expectFiles",
    ]
    /// Verbs that are about the server.
    private static let serverVerbs = [
        "restart", "countThreads", "signal", "expectExit", "expectFiles",
    ]
    /// Verbs by which a peer comes to a server, which may be another than the first.
    private static let connectingVerbs = ["connect", "do"]
    /// Keys that belong to one verb.
    private static let operands = [
        "with", "steps", "from", "receiveBuffer", "on", "like", "observes", "others", "quiet",
        "silence",
    ]
    /// Verbs whose operand names a port or a connection, and which have no 'link' beside it.
    private static let naming = ["listen", "refuse", "swallow", "accept", "expectNoConnection"]
    /// Verbs that wait for what a server may take its time over.
    private static let patient = [
        "expect", "expectAll", "expectNothing", "expectClose", "either", "observe", "accept",
    ]

    static func steps(_ reader: NodeReader?) -> [StepTemplate] {
        guard let reader else { return [] }
        guard reader.isArray else {
            reader.noteKind(wanted: "an array")
            return [unread(reader)]
        }
        return reader.elements.map { step($0) }
    }

    /// The `steps` of what is nothing without them.
    static func filledSteps(of reader: NodeReader, in what: String) -> [StepTemplate] {
        guard let steps = reader.required("steps", in: what) else { return [unread(reader)] }
        steps.noteIfEmpty("\(what) without steps shows nothing", advice: "write at least one")
        return Self.steps(steps)
    }

    /// Stands where a step could not be read.
    static func unread(_ reader: NodeReader, peer: Template? = nil) -> StepTemplate {
        StepTemplate(
            position: reader.position, peer: peer, link: StepTemplate.mainLink, verb: .unread)
    }

    /// Steps of a procedure are its caller's where they name no peer.
    static func procedureSteps(_ reader: NodeReader?) -> [StepTemplate] {
        reader?.elements.map { entry in
            let caller = Template.Part.value(
                name: Template(literal: Array("peer".utf8), position: entry.position))
            var peer = Template(literal: [], position: entry.position)
            peer.parts = [caller]
            return step(entry, peer: peer)
        } ?? []
    }

    private static func step(_ reader: NodeReader, peer caller: Template? = nil) -> StepTemplate {
        guard reader.isObject else {
            reader.noteKind(wanted: "a step (an object)")
            return unread(reader)
        }
        reader.refuseKeys(otherThan: common + verbs + operands, in: "a step")
        let peer = reader["peer"]?.template ?? caller
        let named = verbs.filter { reader[$0] != nil }
        guard let name = named.first, named.count == 1, let operand = reader[name] else {
            let found =
                named.isEmpty ? "no verb" : "several verbs: " + named.joined(separator: ", ")
            reader.note("a step has exactly one verb, this one has \(found)")
            return unread(reader, peer: peer)
        }
        refuseForeignOperands(reader, verb: name)
        checkServer(reader, verb: name)
        if (naming + ["do"]).contains(name), !operand.isString {
            operand.noteKind(wanted: "a string")
            return unread(reader, peer: peer)
        }
        let peerless = ["repeat", "together", "expectAll", "pause"] + serverVerbs
        if peer == nil, !peerless.contains(name) {
            reader.note("'\(name)' lacks 'peer'")
        }
        return StepTemplate(
            position: reader.position, peer: peer,
            link: reader["link"]?.string ?? StepTemplate.mainLink,
            server: reader["server"].map { ServerName(text: $0.template, position: $0.position) },
            verb: VerbReader.verb(name, operand: operand, step: reader),
            requirement: reader["requirement"]?.string,
            level: reader["level"]?.oneOf(Level.self), within: reader["within"]?.duration,
            split: reader["split"]?.template, observes: reader["observes"]?.string,
            quiet: reader["quiet"]?.string, silence: silence(reader),
            patience: patience(reader, verb: name),
            note: reader["note"]?.string, places: places(reader))
    }

    private static func places(_ reader: NodeReader) -> StepPlaces {
        StepPlaces(
            requirement: reader["requirement"]?.position, level: reader["level"]?.position,
            observes: reader["observes"]?.position)
    }

    /// Silence is one of the alternatives, and the server's own time another matter.
    private static func silence(_ reader: NodeReader) -> String? {
        guard let silence = reader["silence"] else { return nil }
        let hasNothing = reader["either"]?.elements.contains { $0["nothing"] != nil } ?? false
        if !hasNothing {
            silence.note(
                "'silence' says why nothing may come, and no alternative is that",
                advice: "add { \"nothing\": true }")
        }
        if reader["patience"] != nil {
            silence.note("'silence' and 'patience' do not go together")
        }
        return silence.string
    }

    private static func patience(_ reader: NodeReader, verb: String) -> String? {
        guard let patience = reader["patience"] else { return nil }
        if !patient.contains(verb) {
            patience.note(
                "'\(verb)' waits for nothing that takes a server time",
                advice: "'patience' belongs to " + patient.joined(separator: ", "))
        }
        return patience.oneOf(Need.Time.self)?.rawValue
    }

    /// `server` is who these verbs are about, and nothing else is.
    private static func checkServer(_ reader: NodeReader, verb: String) {
        guard serverVerbs.contains(verb) else {
            guard !connectingVerbs.contains(verb) else { return }
            reader["server"]?.note(
                "'\(verb)' is what a peer does",
                advice: "'server' belongs to "
                    + (connectingVerbs + serverVerbs).joined(separator: ", "))
            return
        }
        reader["peer"]?.note(
            "'\(verb)' is about the server", advice: "write \"server\": \"main\"")
        _ = reader.required("server", in: "'\(verb)'")
    }

    private static func refuseForeignOperands(_ reader: NodeReader, verb: String) {
        let own: [String] =
            switch verb {
            case "do": ["with"]
            case "connect": ["from", "receiveBuffer", "like"]
            case "listen", "refuse", "swallow": ["from"]
            case "accept": ["on", "like"]
            case "repeat", "together": ["steps"]
            case "expect": ["observes", "others"]
            case "either": ["quiet", "silence"]
            case "observe", "expectNoConnection": ["quiet"]
            default: []
            }
        for key in operands where !own.contains(key) {
            reader[key]?.note("'\(key)' does not belong to '\(verb)'")
        }
        if naming.contains(verb) {
            reader["link"]?.note(
                "'\(verb)' names its port or connection itself",
                advice: "write \"\(verb)\": \"NAME\" and no 'link'")
        }
    }
}
