// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// How text for people is laid out.
package struct TextStyle: Equatable, Sendable {
    /// Columns of a line; what must not be broken (a command) may be longer.
    package var width: Int
    package var hasColour: Bool
    /// The report's folder, before the paths of captures; empty: they stand as in the report.
    package var folder: String

    package init(width: Int = 100, hasColour: Bool = false, folder: String = "") {
        self.width = max(width, Self.leastWidth)
        self.hasColour = hasColour
        self.folder = folder
    }

    private static let leastWidth = 48

    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case magenta = "35"
        case cyan = "36"
        case bold = "1"
        case faint = "2"
    }

    func paint(_ text: String, _ colour: Colour) -> String {
        hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension Verdict {
    var colour: TextStyle.Colour {
        switch self {
        case .pass: .green
        case .observed: .cyan
        case .warn: .yellow
        case .fail, .error: .red
        case .inconclusive: .magenta
        case .skipped: .faint
        }
    }
}
