// SPDX-License-Identifier: Apache-2.0

import Arguments
import JSONText
import Specs

/// The value of `--framing`: where the messages of a stream end.
struct FramingChoice {
    static let expected = "fixed:N with N from 1 to \(widestFrame), line, json or none"
    /// The widest frame: a frame is held in memory until it is whole.
    static let widestFrame = MessageSplitter.longestMessage

    /// `nil`: nothing is known of the messages.
    var framing: Framing?

    init?(parsing text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("none", 1): framing = nil
        case ("json", 1): framing = .json(JSONLimits())
        case ("line", 1): framing = .line(terminator: [UInt8(ascii: "\n")])
        case ("fixed", 2):
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let width = Int(parts[1]), (1...Self.widestFrame).contains(width)
            else { return nil }
            framing = .fixed(width: width, padding: UInt8(ascii: " "))
        default: return nil
        }
    }
}

extension ParsedCommand {
    /// The option `framing`; none where it is not given.
    func framing() throws(UsageError) -> Framing? {
        try value("framing", expected: FramingChoice.expected, FramingChoice.init(parsing:))?
            .framing
    }
}
