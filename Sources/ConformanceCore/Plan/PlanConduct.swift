// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// What the runner does by a plan, which decides whether a run of it can be judged by another one.
///
/// Rules:
/// - All that the runner acts by is in it: connections, steps in their order, what is sent and how
///   it is cut, waits, and patterns that decide what is done next.
/// - What a message must be that a step only looks at is not in it: of that a transcript can be
///   asked again.
extension Plan {
    /// Digits that are the same for plans by which the same is done.
    package var conduct: String {
        var print = Fingerprint()
        print.add(framing: document.framing)
        for link in links { print.add(link) }
        for listener in listeners {
            print.add(listener.label)
            print.add(whole: listener.from ?? [])
        }
        for server in servers {
            print.add(server.name)
            for file in ServerFile.allCases {
                server.files[file].map { print.add($0) } ?? print.add(-1)
            }
        }
        for pattern in allow { print.add(pattern) }
        for (link, kind) in allowedEnds.sorted(by: { $0.key < $1.key }) {
            print.add(link)
            print.add(kind.rawValue)
        }
        print.add("\(runSplit) \(splitForm ?? "-") \(splitReach)")
        for step in allSteps { print.add(step) }
        return print.digits
    }
}

extension Fingerprint {
    fileprivate mutating func add(framing: Framing) {
        switch framing {
        case .fixed(let width, let padding): add("fixed \(width) \(padding)")
        case .line(let terminator): add(whole: terminator)
        case .json: add("json")
        }
    }

    fileprivate mutating func add(_ link: PlannedLink) {
        add(link.label)
        add(link.kind)
        add(link.server?.index ?? -1)
        add(link.follows?.index ?? -1)
    }

    fileprivate mutating func add(_ link: LinkID) { add(link.index) }

    fileprivate mutating func add(_ text: TextPattern) {
        add(text.parts.count)
        for part in text.parts {
            switch part {
            case .literal(let bytes): add(whole: bytes)
            case .capture(let name): add("{\(name)}")
            }
        }
    }

    /// As people read it, which holds all that it says.
    fileprivate mutating func add(_ pattern: Pattern) { add(texts: pattern.accepted()) }

    private mutating func add(texts: [String]) {
        add(texts.count)
        for text in texts { add(text) }
    }

    private mutating func add(_ outcome: Outcome) { add(texts: outcome.accepted([:])) }

    fileprivate mutating func add(_ step: PlanStep) {
        add(step.id.number)
        add(step.isPreamble ? 1 : 0)
        add(Int(step.within ?? -1))
        add(step.quiet == nil ? 0 : 1)
        add(step.silence == nil ? 0 : 1)
        add(Int(step.patience?.nanoseconds ?? -1))
        add(step.action)
    }

    private mutating func add(_ action: PlanAction) {
        switch action {
        case .connect(let link, let options): add("connect", link, options)
        case .expectRefused(let link, let options): add("refused", link, options)
        case .listen(let listener, let kind): add("listen \(listener.index) \(kind)")
        case .accept(let link, let listener): add("accept \(listener.index)", link)
        case .expectNoConnection(let listener): add("no connection \(listener.index)")
        case .respond(let link, let rules):
            add("respond", link)
            for rule in rules { add(rule) }
        case .transmit(let link, let transmission):
            add("send", link)
            add(transmission)
        case .expect(let link, let pattern, let othersStay):
            add("expect", link)
            if othersStay { add(pattern) }
        case .expectAll(let messages):
            add("all \(messages.count)")
            for message in messages { add(message.link) }
        case .expectNothing(let link, let quiet): add(quiet == nil ? "nothing" : "quiet", link)
        case .expectClose(let link, let kind): add("ends \(kind)", link)
        case .closeWrite(let link): add("close write", link)
        case .close(let link): add("close", link)
        case .reset(let link): add("reset", link)
        case .stopReading(let link): add("stop reading", link)
        case .resumeReading(let link): add("resume reading", link)
        case .fill(let link, let stalled, let content, let most):
            add("fill \(most) \(stalled.index)", link)
            add(content)
        case .choose(let link, let alternatives, let observes):
            add("choose \(observes) \(alternatives.count)", link)
            for alternative in alternatives {
                add(alternative.outcome)
                add(alternative.steps.count)
            }
        case .eventually(let link, let transmission, let outcome):
            add("eventually", link)
            add(transmission)
            add(outcome)
        case .together(let groups):
            add("together \(groups.count)")
            for group in groups { add(group.count) }
        case .pause(let nanoseconds): add("pause \(nanoseconds)")
        case .restart(let server): add("restart \(server.index)")
        case .countThreads(let server): add("threads \(server.index)")
        case .signal(let signal, let server): add("signal \(signal) \(server.index)")
        case .expectExit(let server): add("exit \(server.index)")
        case .expectFiles(let lacks, let server):
            add("files \(server.index)")
            for text in lacks { add(text) }
        case .settle: add("settle")
        case .sweep: add("sweep")
        }
    }

    private mutating func add(_ word: String, _ link: LinkID) {
        add(word)
        add(link)
    }

    private mutating func add(_ word: String, _ link: LinkID, _ options: ConnectOptions) {
        add(word, link)
        add(whole: options.from ?? [])
        add(options.receiveBuffer ?? -1)
        add(options.server.index)
    }

    private mutating func add(_ rule: Response) {
        add(rule.to)
        switch rule.deed {
        case .transmit(let transmission): add(transmission)
        case .close: add("close")
        case .reset: add("reset")
        }
        add("\(rule.after) \(rule.collects) \(rule.times ?? -1)")
    }

    private mutating func add(_ transmission: Transmission) {
        add("\(transmission.split)")
        add(transmission.pieces.count)
        for piece in transmission.pieces {
            switch piece {
            case .message(let text):
                add("message")
                add(text)
            case .raw(let text):
                add("raw")
                add(text)
            case .part(let text, let from, let to):
                add("part \(from) \(to ?? -1)")
                add(text)
            }
        }
    }
}
