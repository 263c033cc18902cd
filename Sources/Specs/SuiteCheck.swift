// SPDX-License-Identifier: Apache-2.0

/// What must hold between the files of a suite: names lead to something, ids are unique.
struct SuiteCheck {
    let suite: Suite
    let log: ProblemLog

    func run() {
        var seen: Set<String> = []
        for scenario in suite.scenarios {
            if !scenario.id.isEmpty, !seen.insert(scenario.id).inserted {
                log.note("scenario '\(scenario.id)' is there twice", at: scenario.position)
            }
            for (id, place) in zip(scenario.requirements, scenario.places.requirements) {
                requirement(id, at: place)
            }
            levels(of: scenario)
            for value in scenario.values { generator(value) }
            check(
                scenario.preamble + scenario.steps, among: scenario.servers.map(\.name),
                about: scenario.requirements.first)
        }
        for procedure in suite.document.procedures.values { check(procedure.steps) }
        for form in suite.document.forms.all {
            if let id = form.unasked { requirement(id, at: form.position) }
        }
        let named =
            suite.document.tolerates.values + [suite.document.unknownForms].compactMap({ $0 })
            + suite.document.unaskedElsewhere + suite.document.barriers.compactMap(\.strayed)
        for id in named { requirement(id, at: SourcePosition(file: suite.document.name)) }
    }

    private func requirement(_ id: String, at position: SourcePosition) {
        guard suite.requirements[id] == nil else { return }
        log.note(
            "there is no requirement '\(id)' in requirements.json", at: position,
            advice: NodeReader.choice(of: suite.requirements.ids, near: id))
    }

    /// The levels of a scenario and its cases, which are about its first requirement.
    private func levels(of scenario: Scenario) {
        let own = scenario.requirements.first
        level(scenario.level, of: own, at: scenario.places.level)
        for variable in scenario.foreach?.variables ?? [] {
            guard case .values(let elements) = variable.domain else { continue }
            for element in elements { level(element.level, of: own, at: element.levelPosition) }
        }
    }

    /// Notes a level above the requirement's, which would count for nothing.
    private func level(_ level: Level?, of id: String?, at position: SourcePosition?) {
        guard let level, let id, let position, let own = suite.requirements.level(of: id),
            level > own
        else { return }
        let possible = Level.allCases.filter { $0 <= own }.map(\.rawValue)
        log.note(
            "'\(id)' is of level \(own.rawValue), which a level here may lower but not raise",
            at: position, advice: "possible here: " + possible.joined(separator: ", "))
    }

    private func observed(_ id: String, at position: SourcePosition) {
        requirement(id, at: position)
        guard let level = suite.requirements[id]?.level, level != .open else { return }
        log.note(
            "'\(id)' is of level \(level.rawValue), and is not observed but judged", at: position,
            advice: "'observes' names a requirement of level O")
    }

    private func generator(_ value: NamedValue) {
        let name: String
        switch value.value {
        case .generated(let generator, _): name = generator
        case .filling(let generator, _, _): name = generator
        case .text, .otherCase: return
        }
        let known = suite.document.generators.keys.sorted()
        guard !known.contains(name) else { return }
        log.note(
            "there is no generator '\(name)'", at: value.position,
            advice: NodeReader.choice(of: known, near: name))
    }

    /// `servers` are those of the scenario; a procedure is checked where it is called.
    private func check(
        _ steps: [StepTemplate], among servers: [String]? = nil, about own: String? = nil
    ) {
        var pending = steps
        while let step = pending.popLast() {
            if let servers, let named = step.server { server(named, among: servers) }
            let places = step.places
            if let id = step.requirement {
                requirement(id, at: places.requirement ?? step.position)
            }
            if let id = step.observes { observed(id, at: places.observes ?? step.position) }
            level(step.level, of: step.requirement ?? own, at: places.level)
            if case .expectAll(let elements) = step.verb {
                for element in elements {
                    guard let id = element.observes else { continue }
                    observed(id, at: element.observesPosition ?? element.position)
                }
            }
            switch step.verb {
            case .perform(let name, _): procedure(name, at: step.position)
            case .repeat(_, let inner): pending += inner
            case .together(let groups): pending += groups.flatMap(\.steps)
            case .either(let alternatives), .observe(let alternatives):
                pending += alternatives.flatMap(\.steps)
            case .connect(let connect): kind(connect.like, at: step.position)
            case .accept(let accept): kind(accept.like, at: step.position)
            case .send, .sendAll, .sendBytes, .listen, .expect, .expectAll, .expectNothing,
                .expectClose, .expectRefused, .expectNoConnection, .closeWrite, .close, .reset,
                .stopReading, .resumeReading, .fill, .respond, .eventually, .pause, .restart,
                .countThreads, .signal, .expectExit, .expectFiles, .unread:
                break
            }
        }
    }

    private func server(_ named: ServerName, among known: [String]) {
        // A name that holds values is known when the plan is made.
        guard let literal = named.text.literal else { return }
        let name = String(decoding: literal, as: UTF8.self)
        if !known.contains(name) { log.noteUnknownServer(name, at: named.position, known: known) }
    }

    private func kind(_ name: String?, at position: SourcePosition) {
        let known = [StepTemplate.mainLink] + suite.document.links.keys.sorted()
        guard let name, !known.contains(name) else { return }
        log.note(
            "protocol.json knows no connection '\(name)'", at: position,
            advice: NodeReader.choice(of: known, near: name))
    }

    private func procedure(_ name: String, at position: SourcePosition) {
        let known = suite.document.procedures.keys.sorted()
        guard !known.contains(name) else { return }
        log.note(
            "there is no procedure '\(name)'", at: position,
            advice: NodeReader.choice(of: known, near: name))
    }
}
