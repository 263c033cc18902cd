// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// One scenario that did not pass, explained.
struct FailureText {
    let report: ScenarioReport
    let suite: Suite
    let style: Style

    /// Findings of one scenario that are explained; more seldom say more.
    private static let mostFindings = 3
    /// Bytes shown of a message: around the first difference, in hexadecimal.
    private static let dumped = 96

    /// The first line: verdict, id, title.
    func headline(others: Int) -> String {
        let verdict = style.bold(style.coloured(report.verdict.rawValue.uppercased(), report.verdict))
        let more = others == 0 ? "" : "  (and \(others) more of its cases)"
        return "\(verdict) \(style.bold(escaped(report.id)))  \(report.plan.title)\(more)\n"
    }

    func render(others: Int) -> String {
        var lines: [String] = []
        let findings = report.judgement.findings + (report.verdict == .fail ? report.judgement.tolerated : [])
        for finding in findings.prefix(Self.mostFindings) { lines += self.lines(finding) }
        if findings.count > Self.mostFindings {
            lines.append("and \(findings.count - Self.mostFindings) further findings, in the report")
        }
        lines += server
        if let capture = report.capture { lines.append("capture: \(capture)") }
        lines.append("again: \(report.reproduce)")
        return headline(others: others) + lines.map { "  \($0)\n" }.joined()
    }

    private func escaped(_ text: String) -> String { ByteEscaping.escape(text.utf8) }

    private func lines(_ finding: Finding) -> [String] {
        let explanation = Explanation(finding, of: report, requirements: suite.requirements)
        var lines = ["\(finding.requirement) (\(finding.level.rawValue)): \(explanation.sentence)"]
        if let step = explanation.step {
            lines.append("step: \(step)\(finding.isPreamble ? ", in the preamble" : "")")
        }
        if let position = explanation.position { lines.append("at: \(position)") }
        lines.append(style.bold("seen: \(explanation.summary)"))
        for (index, text) in explanation.accepted.prefix(8).enumerated() {
            lines.append((index == 0 ? "accepted: " : "      or: ") + text)
        }
        if explanation.accepted.count > 8 {
            lines.append("      and \(explanation.accepted.count - 8) more")
        }
        if let actual = explanation.actual {
            lines.append("received: \(ByteEscaping.quoted(actual.prefix(400)))")
            lines += dump(actual, explanation, finding)
        }
        if let link = finding.link { lines += conversation(link) }
        return lines
    }

    /// Where bytes matter: a difference inside a message, a frame, what cannot be read.
    private func dump(
        _ actual: [UInt8], _ explanation: Explanation, _ finding: Finding
    ) -> [String] {
        let isFrame = if case .framing = finding.kind { true } else { false }
        guard explanation.firstDifference != nil || isFrame || !ByteEscaping.isPrintableText(actual)
        else { return [] }
        let dump = HexDump(markAt: explanation.firstDifference, maximumBytes: Self.dumped)
        return dump.render(actual).split(separator: "\n").map { "  \($0)" }
    }

    /// What else was on that connection, the last of it.
    private func conversation(_ link: LinkID) -> [String] {
        guard let transcript = report.transcript else { return [] }
        let lines = ConversationText.lines(transcript, link, last: 8)
        guard !lines.isEmpty else { return [] }
        let label = report.plan.links[link.index].label
        return ["on \(label)'s connection (> sent, < received):"] + lines.map { "  \($0)" }
    }

    private var server: [String] {
        var lines: [String] = []
        if let end = report.serverEnd { lines.append("the server \(end)") }
        if let output = report.serverOutput {
            let text = output.tail.isEmpty ? output.head : output.tail
            let shown = ServerText.lines(text, atMost: 10)
            if !shown.isEmpty { lines.append("the server's last output:") }
            lines += shown.split(separator: "\n").map(String.init)
        }
        return lines
    }
}

/// What a server printed, made harmless.
enum ServerText {
    /// The last lines, each escaped and indented, with a line feed at its end.
    static func lines(_ output: [UInt8], atMost count: Int) -> String {
        let lines = output.split(separator: 0x0A)
        return lines.suffix(count).map { "  | \(ByteEscaping.escape($0.prefix(400)))\n" }.joined()
    }
}

/// What went to and fro on one connection.
enum ConversationText {
    private struct Line {
        var entry: TranscriptEvent
        var remark = ""
    }

    /// The last of it, a line each.
    static func lines(_ transcript: Transcript, _ link: LinkID, last count: Int) -> [String] {
        let lines = lines(transcript, link)
        let left = lines.count - count
        return (left > 0 ? ["... \(left) more before"] : [])
            + lines.suffix(count).map { text($0.entry, transcript) + $0.remark }
    }

    private static func lines(_ transcript: Transcript, _ link: LinkID) -> [Line] {
        var lines: [Line] = []
        var isBarrier = false
        for entry in transcript.entries {
            switch entry.event {
            case .barrierSent(link, _): isBarrier = true
            case .said(link, _, _, _):
                lines.append(Line(entry: entry.event, remark: isBarrier ? "  (barrier)" : ""))
                isBarrier = false
            case .message(let number) where transcript.messages[number].link == link:
                lines.append(Line(entry: entry.event))
            case .barrierAnswered(link, _):
                if let last = lines.indices.last { lines[last].remark = "  (barrier's answer)" }
            case .ended(link, _), .closedWrite(link), .closed(link), .reset(link), .refused(link, _):
                lines.append(Line(entry: entry.event))
            default: break
            }
        }
        return lines
    }

    private static func text(_ event: TranscriptEvent, _ transcript: Transcript) -> String {
        switch event {
        case .said(_, _, _, let payload): "> \(shown(payload))"
        case .message(let number): "< \(shown(transcript.messages[number].message.payload))"
        case .ended(_, .fin): "< the server closed"
        case .ended(_, .reset): "< the server reset the connection"
        case .closedWrite: "> closed for sending"
        case .closed: "> closed"
        case .reset: "> reset"
        case .refused(_, let reason): "< refused: \(reason)"
        default: ""
        }
    }

    private static func shown(_ payload: [UInt8]) -> String {
        ByteEscaping.quoted(payload.prefix(120)) + (payload.count > 120 ? " ..." : "")
    }
}
