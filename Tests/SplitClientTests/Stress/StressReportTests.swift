// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText
import Testing

@testable import SplitClient

@Suite("Reports of stress runs")
struct StressReportTests {
    @Test("percentiles are those of a sorted list, within three percent")
    func percentiles() {
        var generator = SeededGenerator(seed: 3)
        var histogram = LatencyHistogram()
        var all: [Int64] = []
        for _ in 0..<10_000 {
            let value = Int64(generator.next(below: 1 << (4 + generator.next(below: 30))))
            all.append(value)
            histogram.add(value)
        }
        all.sort()
        for share in [0.01, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = all[max(0, Int((share * 10_000).rounded(.up)) - 1)]
            let found = histogram.percentile(share)
            #expect(found >= exact && found <= exact + exact / 31 + 1)
        }
        #expect(histogram.percentile(1) == all.last)
        #expect(histogram.doublings.map(\.count).reduce(0, +) == 10_000)
        #expect(LatencyHistogram().percentile(0.5) == 0)
    }

    @Test("the picture has a bar for each doubling, the longest for the most")
    func picture() {
        var histogram = LatencyHistogram()
        for _ in 0..<100 { histogram.add(100_000) }
        for _ in 0..<50 { histogram.add(200_000) }
        histogram.add(1_000_000)
        let lines = HistogramPicture.lines(histogram)
        #expect(lines.count == 4)
        #expect(lines[0].contains(String(repeating: "█", count: 40) + " 100"))
        #expect(lines[1].contains(String(repeating: "█", count: 20) + " 50"))
        #expect(lines[3].hasSuffix("▏ 1") || lines[3].hasSuffix("▎ 1") || lines[3].hasSuffix("▍ 1"))
    }

    private func report(_ counts: [StressFinding.Kind: Int]) -> StressReport {
        let finding = StressFinding(
            kind: .corrupted, sender: 0, sequence: 11, receiver: 1, came: [0x1B, 0x5B])
        return StressReport(
            chat: .padded, server: "h:1", connections: 2, groups: 1, messages: 1000, seed: .max,
            plan: .at([1]), replay: "splitclient stress padded h 1 --seed 5", sent: 2000,
            expected: 2000, arrived: 1999, duration: 2_000_000_000, latency: LatencyHistogram(),
            cuts: CutTally(segments: 4000, planned: 2000, proven: 1999), foreign: 0,
            counts: counts,
            details: counts.isEmpty
                ? [] : [.init(finding: finding, sender: "ann", receiver: "bob", cuts: [1])],
            isInterrupted: false)
    }

    @Test("a fine run says so, with its rate and its cuts")
    func fine() {
        let report = report([:])
        #expect(report.isFine)
        #expect(report.text.contains("1,000 messages/s, 1,000 deliveries/s"))
        #expect(report.text.contains("at:1: 2,000 planned, 1,999 proven"))
        #expect(report.text.contains("nothing wrong: every message arrived once"))
    }

    @Test("what was wrong is told with message, receiver, cut, bytes and how to repeat it")
    func wrong() {
        let report = report([.corrupted: 1, .lost: 2])
        #expect(!report.isFine)
        #expect(report.text.contains("WRONG: 2 lost, 1 corrupted"))
        let line = #"corrupted: message 12 of ann, at bob, cut at 1; came: "\x1B[""#
        #expect(report.text.contains(line))
        #expect(report.text.contains("and 2 more"))
        #expect(report.text.contains("splitclient stress padded h 1 --seed 5"))
    }

    @Test("the JSON report says the same")
    func json() throws {
        let node = try JSONReader.parse(whole: report([.lost: 2]).json)
        #expect(node["seed"]?.value.text == String(UInt64.max))
        #expect(node["deliveries"]?.value.int == 1999)
        #expect(node["wrong"]?["lost"]?.value.int == 2)
        #expect(node["wrong"]?["duplicated"]?.value.int == 0)
        #expect(node["findings"]?.value.elements?.count == 1)
        #expect(node["cuts"]?["proven"]?.value.int == 1999)
    }

    @Test("a run that could not be made has a report with nothing in it but why")
    func failure() throws {
        var report = report([:])
        report.failure = "nobody is let in"
        #expect(!report.isFine)
        let node = try JSONReader.parse(whole: report.json)
        #expect(node["failure"]?.value.text == "nobody is let in")
    }

    @Test("what nobody asked for is told with whom it came to")
    func unasked() {
        let finding = StressFinding(kind: .unasked, sender: 0, came: Array("NEWS".utf8))
        var report = report([.unasked: 1])
        report.details = [.init(finding: finding, sender: "ann", cuts: [])]
        #expect(report.text.contains(#"unasked: at ann; came: "NEWS""#))
    }

    @Test(
        "times have three digits and a unit",
        arguments: [
            (999, "999 ns"), (1_000, "1.00 us"), (12_340, "12.3 us"), (2_500_000_000, "2.50 s"),
        ])
    func times(nanoseconds: Int64, text: String) {
        #expect(StressReport.time(nanoseconds) == text)
    }
}
