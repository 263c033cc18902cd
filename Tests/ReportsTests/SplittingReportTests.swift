// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText
import Reports
import Specs
import Testing

@testable import ConformanceCore

@Suite("What a report says of cuts")
struct SplittingReportTests {
    private let rich: RichReport

    init() throws { rich = try RichReport() }

    private func found(
        _ plan: CutPlan, _ places: [CutPlace], level: Level = .must
    ) -> Splitting.Break {
        Splitting.Break(
            caseID: "say.once", requirement: "must", level: level,
            cut: ShrunkCut(
                foundBy: .bytes, smallest: SplitCut(plan: plan, form: "text", reach: .steps),
                places: places, trials: 3,
                replay: "conformance run padded --only say.once --split \(plan)"))
    }

    private func report(_ breaks: [Splitting.Break]) -> Report {
        var splitting = Splitting()
        splitting.cases = 7
        splitting.counts = [
            .pairs: .init(planned: 199, tried: 150), .pieces: .init(planned: 3, tried: 3),
        ]
        splitting.breaks = breaks
        splitting.failingUncut = ["say.late"]
        splitting.unreached = ["say.early"]
        splitting.spared = ["name.early"]
        splitting.ending = .budget
        splitting.budget = 60_000_000_000
        var report = rich.everything
        report.splitting = splitting
        report.coverage.cuts = [
            .init(
                form: "text", planned: 150, proven: 149, offsets: [1...100, 102...150],
                unproven: [101...101], longest: 200)
        ]
        return report
    }

    private func text(_ breaks: [Splitting.Break]) -> String {
        TextSplitting.render(report(breaks), requirements: rich.requirements)
    }

    @Test("what keeps a case from its subject is told with form and offset, and is no break")
    func hindrances() {
        var report = report([])
        report.splitting?.hindrances = [
            Splitting.Hindrance(
                caseID: "name.early",
                cut: ShrunkCut(
                    foundBy: .delimiter,
                    smallest: SplitCut(plan: .at([1]), form: "join", reach: .questions),
                    places: [CutPlace(form: "join", offset: 1)], trials: 4,
                    replay: "conformance run padded --only name.early --split at:1"))
        ]
        let text = TextSplitting.render(report, requirements: rich.requirements)
        #expect(text.contains("HINDERED BY A CUT name.early"))
        #expect(text.contains("the runner's own question 'join', cut behind byte 1 (at:1)"))
        #expect(text.contains("delimiter, then 4 runs to shrink it"))
        #expect(text.contains("conformance run padded --only name.early --split at:1\n"))
        #expect(!text.contains("broken by cuts"))
        let json = String(
            decoding: JSONReport.bytes(of: report, requirements: rich.requirements), as: UTF8.self)
        #expect(json.contains("hindrances"))
        #expect(json.contains("\"reach\": \"questions\""))
    }

    @Test("the smallest cut is told with form, offset and the line that replays it")
    func breaks() {
        let text = text([found(.at([37]), [CutPlace(form: "text", offset: 37)])])
        #expect(text.contains("BROKEN BY A CUT say.once"))
        #expect(text.contains("'text', cut behind byte 37 (at:37)"))
        #expect(text.contains("conformance run padded --only say.once --split at:37\n"))
        #expect(text.contains("1 broken by cuts"))
    }

    @Test("messages that were only joined have no offset")
    func joined() {
        let text = text([found(.coalesce(2), [])])
        #expect(text.contains("messages in one segment"))
        #expect(text.contains("(coalesce:2)"))
        #expect(text.contains("BROKEN BY JOINED MESSAGES say.once"))
    }

    @Test("a warning that only a cut brings is a break, and is called a warning")
    func warning() {
        let text = text([found(.at([1]), [CutPlace(form: "text", offset: 1)], level: .should)])
        #expect(text.contains("BROKEN BY A CUT say.once"))
        #expect(text.contains("must (S) (a warning"))
    }

    /// The last line of the report of a split with nothing but this.
    private func lastLine(_ change: (inout Splitting) -> Void) -> String {
        var report = report([])
        var splitting = Splitting()
        splitting.cases = 2
        splitting.counts = [.pairs: .init(planned: 199, tried: 199)]
        splitting.budget = 5_000_000_000
        change(&splitting)
        report.splitting = splitting
        let text = TextSplitting.render(report, requirements: rich.requirements)
        return text.split(separator: "\n").last.map(String.init) ?? ""
    }

    @Test("what breaks by its own segments is a break, told with the line that shows it")
    func ownBreaks() {
        var report = report([])
        report.splitting?.ownBreaks = [
            .init(
                caseID: "say.once", requirement: "must", level: .should,
                replay: "conformance run padded --only say.once")
        ]
        let text = TextSplitting.render(report, requirements: rich.requirements)
        #expect(text.contains("BROKEN BY ITS OWN SEGMENTS say.once"))
        #expect(text.contains("must (S) (a warning"))
        #expect(text.contains("conformance run padded --only say.once\n"))
        #expect(text.contains("1 broken by cuts"))
        let json = String(
            decoding: JSONReport.bytes(of: report, requirements: rich.requirements), as: UTF8.self)
        #expect(json.contains("\"ownBreaks\": [\n"))
        report.splitting?.warningOwnCuts = ["say.once"]
        report.splitting?.forget("say.once")
        #expect(report.splitting?.warningOwnCuts == [])
    }

    @Test("what was only joined is no cut, unless there was nothing to cut")
    func joinedAlone() {
        var report = report([])
        report.coverage.cuts = []
        report.splitting?.counts = [
            .coalesced: .init(planned: 1, tried: 1), .pairs: .init(planned: 199, tried: 0),
        ]
        #expect(!report.hasCut)
        report.splitting?.counts = [.coalesced: .init(planned: 1, tried: 1)]
        #expect(report.hasCut)
    }

    @Test("the last line never says that all is well where that is not known")
    func lastLines() {
        #expect(lastLine { _ in } == "no cut broke anything")
        let short = lastLine { splitting in
            splitting.counts[.pairs]?.tried = 12
            splitting.ending = .budget
        }
        #expect(short.hasPrefix("no cut broke anything in 12 of 199 trials"))
        #expect(short.contains("--budget 5"))
        let none = lastLine { splitting in
            splitting.counts[.pairs]?.tried = 0
            splitting.ending = .budget
        }
        #expect(none.hasPrefix("nothing was cut: the time that was given (--budget 5"))
        let gone = lastLine { splitting in
            splitting.counts[.pairs]?.tried = 12
            splitting.ending = .unreachable
        }
        #expect(gone.hasPrefix("inconclusive: no cut broke anything in 12 of 199 trials, but the"))
        #expect(lastLine { $0.unverified = ["say.once"] }.hasPrefix("inconclusive: "))
        #expect(lastLine { $0.failingOwnCuts = ["say.once"] }.hasPrefix("inconclusive: "))
    }

    @Test("cases that were never run are counted and named")
    func neverRun() {
        var report = report([])
        report.splitting?.neverRun = ["say.never"]
        let text = TextSplitting.render(report, requirements: rich.requirements)
        #expect(text.contains("1 cases were not run at all, not even uncut: say.never"))
    }

    @Test("the map counts what was proven and never what was only made")
    func map() {
        let text = text([])
        #expect(text.contains("149/199"))
        #expect(text.contains("99.3 %"))
        #expect(text.contains("1-100, 102-150"))
    }

    @Test("what was left out, what fails uncut and what was not reached is said")
    func leftOut() {
        let text = text([])
        #expect(text.contains("150 of 199 tried"))
        #expect(text.contains("all 3 tried"))
        #expect(text.contains("49 trials: the time that was given is over"))
        #expect(text.contains("1 fail as they are"))
        #expect(text.contains("say.early"))
        #expect(text.contains("inconclusive: no cut broke anything in 153 of 202 trials"))
        #expect(text.contains("1 cases do not get through their preamble when it is cut"))
        #expect(text.contains("name.early"))
        #expect(text.contains("1 cases were not reached"))
    }

    @Test("the JSON report has all of it, and a report about no cuts has none of it")
    func json() throws {
        let places = [CutPlace(form: "text", offset: 37), CutPlace(form: nil, offset: 2)]
        let bytes = JSONReport.bytes(
            of: report([found(.at([37]), places)]), requirements: rich.requirements)
        let splitting = try #require(try JSONReader.parse(whole: bytes)["splitting"])
        #expect(splitting["ending"]?.value.text == "budget")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"planned\": 202,"))
        #expect(text.contains("\"tried\": 153,"))
        #expect(text.contains("\"split\": \"at:37\""))
        #expect(text.contains("\"foundBy\": \"bytes\""))
        let without = JSONReport.bytes(of: rich.everything, requirements: rich.requirements)
        #expect(try JSONReader.parse(whole: without)["splitting"] == nil)
    }
}
