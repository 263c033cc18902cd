// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import JSONText
import Posix
import Specs

/// What `splitclient pipe` is asked to do.
struct PipeOptions {
    var host: String
    var port: UInt16
    var plan: CutPlan
    /// How the input has borders; `nil`: each block that is read is one message.
    var framing: Framing?
    var pace: Pace

    /// The widest frame: a frame is held in memory until it is whole.
    static let widestFrame = MessageSplitter.longestMessage

    init(_ line: ParsedCommand) throws(UsageError) {
        host = line.value("host") ?? ""
        port = UInt16(clamping: try line.integer("port", in: 1...65_535) ?? 0)
        guard let plan = try line.cutPlan() else {
            throw line.usageError("--cut is missing; write --cut=whole to cut nothing")
        }
        self.plan = plan
        let borders = try line.value("framing", expected: Borders.expected, Borders.init(parsing:))
        framing = borders?.framing
        pace = try line.value("pace", expected: Pace.expected, Pace.init(parsing:)) ?? .drained
    }
}

/// The value of `--framing`.
private struct Borders {
    static let expected = "fixed:N with N from 1 to \(PipeOptions.widestFrame), line, json or none"

    var framing: Framing?

    init?(parsing text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("none", 1): framing = nil
        case ("json", 1): framing = .json(JSONLimits())
        case ("line", 1): framing = .line(terminator: [UInt8(ascii: "\n")])
        case ("fixed", 2):
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let width = Int(parts[1]), (1...PipeOptions.widestFrame).contains(width)
            else { return nil }
            framing = .fixed(width: width, padding: UInt8(ascii: " "))
        default: return nil
        }
    }
}
