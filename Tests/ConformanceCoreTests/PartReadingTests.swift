// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import TestSupport
import Testing

/// Servers that leave a part of a message unread until the rest has come.
@Suite("Parts that are left unread")
struct PartReadingTests {
    private struct Run {
        var transcript: Transcript
        var knowledge: RunKnowledge
        /// What of an incomplete message ended each segment that was waited for.
        var parts: [Int]
    }

    /// Runs the steps against a server that takes whole messages only.
    private func run(_ steps: String) throws -> Run {
        let small = SmallSuite(#""requirements": ["must"], "steps": [\#(steps)]"#)
        #expect(small.problems == [])
        var interpreter = Interpreter(plan: try #require(small.plans.first), timing: Timing())
        var time: Int64 = 0
        var parts: [Int] = []
        interpreter.start()
        while !interpreter.isFinished {
            var events: [WorldEvent] = []
            for action in interpreter.takeActions() {
                switch action {
                case .connect(let link, _): events.append(.connected(link))
                case .write(let link, _): events.append(.written(link))
                case .awaitTaken(let link):
                    let part = interpreter.partWritten(on: link)
                    parts.append(part)
                    events.append(.taken(link, part > 0 ? .left : .proven))
                default: break
                }
            }
            if events.isEmpty {
                time = interpreter.nextDeadline ?? time + 1_000_000_000
                events = [.timePassed]
            }
            for event in events { interpreter.handle(event, at: time) }
        }
        return Run(
            transcript: interpreter.transcript, knowledge: interpreter.knowledge, parts: parts)
    }

    private static let connect = #"{ "peer": "bob", "connect": true }"#

    @Test("a cut whose first part is left unread is made, and not proven")
    func unprovenCuts() throws {
        let run = try run(
            """
            \(Self.connect), { "peer": "bob", "send": "hi", "split": "at:60,100" },
            { "peer": "bob", "send": "ho" }
            """)
        #expect(run.parts.prefix(3) == [60, 100, 0])
        let cuts = run.transcript.entries.compactMap { entry -> Bool? in
            if case .cut(_, _, _, let proven) = entry.event { proven } else { nil }
        }
        #expect(cuts == [false, false])
        #expect(run.knowledge.parts.hasLeft && !run.knowledge.parts.hasTaken)
    }

    @Test("what a step sends of a message is a part until another has sent the rest")
    func partsOfSteps() throws {
        let run = try run(
            """
            \(Self.connect), { "peer": "bob", "sendBytes": { "frame": "hi", "to": 150 } },
            { "peer": "bob", "sendBytes": { "frame": "hi", "from": 150, "to": 199 } },
            { "peer": "bob", "sendBytes": { "frame": "hi", "from": 199 } },
            { "peer": "bob", "send": "ho" }
            """)
        #expect(run.parts.prefix(3) == [150, 199, 0])
    }

    @Test("a server that has left several parts is waited for less, one that has read some more")
    func patience() {
        let timing = Timing(scale: 2)
        var parts = PartReading()
        #expect(parts.note == nil)
        #expect(parts.patience(timing) == 160_000_000)
        for _ in 1...3 {
            #expect(parts.patience(timing) == 160_000_000)
            parts.note(.left)
        }
        #expect(parts.patience(timing) == 2_000_000)
        #expect(parts.note?.contains("cuts cannot be proven there") == true)
        parts.note(.proven)
        #expect(parts.patience(timing) == timing.longPartPatience)
        #expect(parts.note?.contains("sometimes") == true)
    }
}
