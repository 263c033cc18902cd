// SPDX-License-Identifier: Apache-2.0

/// Reads the operand of a step's verb.
enum VerbReader {
    static func verb(_ name: String, operand: NodeReader, step: NodeReader) -> Verb {
        switch name {
        case "connect": connect(operand, step)
        case "listen": listen(operand, step, .listening)
        case "refuse": listen(operand, step, .refusing)
        case "swallow": listen(operand, step, .swallowing)
        case "accept": accept(operand, step)
        case "expectNoConnection": .expectNoConnection(operand.string ?? "")
        case "respond": .respond(ResponseReader.responses(operand))
        case "do":
            .perform(
                procedure: operand.string ?? "",
                arguments: step["with"].map { IterationReader.fields($0) } ?? [])
        case "send": .send(operand.content)
        case "sendAll": .sendAll(operand.elements(of: "message").map(listElement))
        case "sendBytes": .sendBytes(chunks(operand))
        case "expect": .expect(PatternReader.pattern(operand), othersStay: othersStay(step))
        case "expectAll":
            .expectAll(operand.elements(of: "pattern").map { expected($0, step: step) })
        case "expectNothing": .expectNothing(quiet: quiet(operand))
        case "expectClose": .expectClose(operand.oneOf(CloseKind.self) ?? .either)
        case "fill": .fill(fill(operand))
        case "either": .either(operand.elements(of: "alternative").map(alternative))
        case "observe": .observe(operand.elements(of: "alternative").map(alternative))
        case "eventually": eventually(operand)
        case "repeat":
            .repeat(
                IterationReader.iteration(operand),
                StepReader.filledSteps(of: step, in: "'repeat'"))
        case "together": .together(together(operand, step))
        case "pause": .pause(operand.duration ?? 0)
        case "signal": .signal(operand.oneOf(ServerSignal.self) ?? .terminate)
        case "expectFiles": .expectFiles(lacks: lackingTexts(operand))
        default: plain(name, operand)
        }
    }

    private static func plain(_ name: String, _ operand: NodeReader) -> Verb {
        operand.expectTrue()
        return switch name {
        case "expectRefused": .expectRefused
        case "closeWrite": .closeWrite
        case "reset": .reset
        case "stopReading": .stopReading
        case "resumeReading": .resumeReading
        case "restart": .restart
        case "countThreads": .countThreads
        case "expectExit": .expectExit
        default: .close
        }
    }

    private enum Others: String, CaseIterable { case stay }

    private static func othersStay(_ step: NodeReader) -> Bool {
        step["others"]?.oneOf(Others.self) == .stay
    }

    private enum Connecting: String, CaseIterable { case again }

    private static func connect(_ operand: NodeReader, _ step: NodeReader) -> Verb {
        if operand.isString, operand.oneOf(Connecting.self) == .again {
            for key in ["from", "receiveBuffer", "like"] {
                step[key]?.note(
                    "a connection that is opened again is as it was", advice: "leave out '\(key)'")
            }
            return .connect(ConnectTemplate(isAgain: true))
        }
        if !operand.isString { operand.expectTrue() }
        return .connect(
            ConnectTemplate(
                from: step["from"]?.template,
                receiveBuffer: step["receiveBuffer"]?.int(in: 1...1 << 30),
                like: step["like"]?.string))
    }

    private static func listen(
        _ operand: NodeReader, _ step: NodeReader, _ kind: PortKind
    ) -> Verb {
        .listen(
            ListenTemplate(
                name: operand.string ?? "", from: step["from"]?.template, kind: kind))
    }

    private static func accept(_ operand: NodeReader, _ step: NodeReader) -> Verb {
        .accept(
            AcceptTemplate(
                link: operand.string ?? "", listener: step["on"]?.string,
                like: step["like"]?.string))
    }

    static func listElement(_ reader: NodeReader) -> ContentListElement {
        guard reader.isObject, let each = reader["each"] else {
            return ContentListElement(content: reader.content)
        }
        reader.refuseKeys(otherThan: ["each", "message"], in: "an element of 'sendAll'")
        let none = ContentTemplate.bytes([])
        return ContentListElement(
            each: IterationReader.iteration(each),
            content: reader.required("message", in: "an element of 'sendAll'")?.content ?? none)
    }

    static func chunks(_ reader: NodeReader) -> [ByteChunk] {
        reader.isArray
            ? reader.elements(of: "text or part of a frame").map(chunk) : [chunk(reader)]
    }

    private static func chunk(_ reader: NodeReader) -> ByteChunk {
        if reader.isString { return .text(reader.template) }
        if let message = reader["frame"] {
            reader.refuseKeys(otherThan: ["frame", "from", "to"], in: "a part of a frame")
            return .frame(
                message.content, from: reader["from"]?.template, to: reader["to"]?.template)
        }
        reader.refuseKeys(
            otherThan: ["frame", "from", "to", "literal", "hex"], in: "bytes to send")
        if let bytes = reader.literalBytes { return .bytes(bytes) }
        reader.note(
            "these are no bytes", advice: "a text, {\"hex\": …}, {\"literal\": …} or {\"frame\": …}"
        )
        return .bytes([])
    }

    private static func expected(_ reader: NodeReader, step: NodeReader) -> ExpectedElement {
        let what = "an element of 'expectAll'"
        let ownPeer = step["peer"]?.template
        guard reader.isObject, let message = reader["message"] else {
            if ownPeer == nil { reader.note("\(what) lacks 'peer'") }
            return ExpectedElement(
                peer: ownPeer, link: step["link"]?.string ?? StepTemplate.mainLink,
                pattern: PatternReader.pattern(reader), position: reader.position)
        }
        reader.refuseKeys(otherThan: ["each", "peer", "link", "message", "observes"], in: what)
        let peer = reader["peer"]?.template ?? ownPeer
        if peer == nil { reader.note("\(what) lacks 'peer'") }
        return ExpectedElement(
            each: reader["each"].map(IterationReader.iteration), peer: peer,
            link: (reader["link"] ?? step["link"])?.string ?? StepTemplate.mainLink,
            pattern: PatternReader.pattern(message), observes: reader["observes"]?.string,
            position: reader.position, observesPosition: reader["observes"]?.position)
    }

    private static func quiet(_ reader: NodeReader) -> String? {
        guard reader.isObject else {
            reader.expectTrue()
            return nil
        }
        reader.refuseKeys(otherThan: ["quiet"], in: "'expectNothing'")
        return reader.required("quiet", in: "'expectNothing'")?.string
    }

    private static func lackingTexts(_ reader: NodeReader) -> [Template] {
        let what = "'expectFiles'"
        reader.refuseKeys(otherThan: ["lack"], in: what)
        let texts = reader.required("lack", in: what)?.elements.map(\.template) ?? []
        if texts.isEmpty { reader.note("\(what) names no text", advice: "write \"lack\": [\"…\"]") }
        return texts
    }

    private static func fill(_ reader: NodeReader) -> FillTemplate {
        let what = "'fill'"
        reader.refuseKeys(otherThan: ["send", "stalled", "most"], in: what)
        return FillTemplate(
            content: reader.required("send", in: what)?.content ?? .bytes([]),
            stalled: reader.required("stalled", in: what)?.template
                ?? Template(literal: [], position: reader.position),
            most: reader["most"]?.int(in: 1...1 << 28) ?? 8 << 20)
    }

    private static func together(_ operand: NodeReader, _ step: NodeReader) -> [TogetherTemplate] {
        guard operand.isArray else {
            let each = IterationReader.iteration(operand)
            return [
                TogetherTemplate(
                    each: each, steps: StepReader.filledSteps(of: step, in: "'together'"))
            ]
        }
        let what = "a group of 'together'"
        return operand.elements(of: "group").map { group in
            group.refuseKeys(otherThan: ["each", "steps"], in: what)
            return TogetherTemplate(
                each: group["each"].map(IterationReader.iteration),
                steps: StepReader.filledSteps(of: group, in: what))
        }
    }
}
