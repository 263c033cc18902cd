// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The report for people.
extension StressReport {
    var text: String {
        let talk =
            "\(chat.rawValue) at \(server): \(Counted.text(connections, "client"))"
            + (groups > 1 ? " in \(groups) groups" : "")
            + ", \(Counted.text(messages, "message")) each\(isInterrupted ? " (interrupted)" : "")"
        var lines = [talk, "", row("time", Self.time(duration))]
        lines.append(
            row(
                "rate",
                "\(Counted.grouped(rate(sent))) messages/s, "
                    + "\(Counted.grouped(rate(arrived))) deliveries/s"))
        lines.append(
            row(
                "arrived",
                "\(Counted.grouped(arrived)) of \(Counted.text(expected, "delivery", "deliveries"))"
            ))
        if latency.total > 0 { lines += latencyLines }
        lines.append(row("cuts", cutsText))
        if foreign > 0 {
            lines.append(row("others", "\(Counted.text(foreign, "text")) of nobody in this run"))
        }
        return (lines + [""] + findingLines).joined(separator: "\n") + "\n"
    }

    private var cutsText: String {
        guard let plan else { return "none; nothing was kept apart either (--cut PLAN cuts)" }
        return "\(plan): \(Counted.grouped(cuts.planned)) planned, "
            + "\(Counted.grouped(cuts.proven)) proven"
    }

    private var latencyLines: [String] {
        let shares: [(String, Double)] = [
            ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999),
        ]
        let values = shares.map { "\($0) \(Self.time(latency.percentile($1)))" }
        let percentiles = (values + ["max \(Self.time(latency.longest))"]).joined(separator: ", ")
        return [row("latency", percentiles)] + HistogramPicture.lines(latency)
    }

    private var findingLines: [String] {
        let all = isInterrupted ? "what arrived" : "every message"
        let verdict =
            isFine
            ? ["nothing wrong: \(all) arrived once, in its sender's order and unchanged"]
            : lines("WRONG", of: { !$0.isWarning })
        let warnings = lines("WARNING", of: { $0.isWarning })
        guard !isFine || !warnings.isEmpty else { return verdict }
        return verdict + warnings + ["", "again with the same texts and cuts:", "  " + replay]
    }

    /// What was found of some kinds; nothing where that is nothing.
    private func lines(
        _ title: String, of isOne: (StressFinding.Kind) -> Bool
    ) -> [String] {
        let found = StressFinding.Kind.allCases.compactMap { kind in
            isOne(kind) ? counts[kind].map { (kind, $0) } : nil
        }
        guard !found.isEmpty else { return [] }
        let kinds = found.map { "\(Counted.grouped($1)) \($0.rawValue)" }
        let shown = details.filter { isOne($0.finding.kind) }
        let others = found.reduce(0) { $0 + $1.1 } - shown.count
        return ["\(title): " + kinds.joined(separator: ", ")]
            + shown.map { "  " + Self.sentence($0) }
            + (others > 0 ? ["  and \(Counted.grouped(others)) more"] : [])
    }

    private static func sentence(_ detail: Detail) -> String {
        let finding = detail.finding
        var text = "\(finding.kind.rawValue): "
        if let sequence = finding.sequence { text += "message \(sequence + 1) of " }
        text += finding.kind == .unasked ? "at \(detail.sender)" : detail.sender
        if let receiver = detail.receiver { text += ", at \(receiver)" }
        if let behind = detail.behind { text += ", which heard \(behind) before it" }
        if !detail.cuts.isEmpty {
            let shown = detail.cuts.prefix(8).map(String.init).joined(separator: ", ")
            text += ", cut at \(shown)" + (detail.cuts.count > 8 ? ", ..." : "")
        }
        if let came = finding.came { text += "; came: \(ByteEscaping.quoted(came.prefix(120)))" }
        return text
    }

    private func row(_ name: String, _ value: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 10 - name.utf8.count)) + value
    }

    /// Three digits and a unit.
    static func time(_ nanoseconds: Int64) -> String {
        let units: [(Double, String)] = [(1e9, "s"), (1e6, "ms"), (1e3, "us")]
        for (size, unit) in units where Double(nanoseconds) >= size {
            return "\(threeDigits(Double(nanoseconds) / size)) \(unit)"
        }
        return "\(nanoseconds) ns"
    }

    private static func threeDigits(_ value: Double) -> String {
        let decimals = value < 10 ? 2 : value < 100 ? 1 : 0
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let rounded = Int((value * scale).rounded())
        guard decimals > 0 else { return String(rounded) }
        let fraction = String(rounded % Int(scale))
        let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
        return "\(rounded / Int(scale)).\(zeros)\(fraction)"
    }
}

/// Numbers for people.
enum Counted {
    /// `1,234,567`.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != "-" { text += "," }
            text.append(digit)
        }
        return text
    }

    /// `1 message`, `2 messages`.
    static func text(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        number == 1 ? "1 \(noun)" : "\(grouped(number)) \(plural ?? noun + "s")"
    }
}
