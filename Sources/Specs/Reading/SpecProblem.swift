// SPDX-License-Identifier: Apache-2.0

/// A place in a file of `specs/`.
package struct SourcePosition: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// Counted from 1; 0 where the whole file is meant.
    package var line: Int
    /// Counted from 1, in characters.
    package var column: Int

    package init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}

/// Something wrong in a file of `specs/`: where, what, and what would be right there.
package struct SpecProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package var position: SourcePosition
    package var message: String
    package var advice: String?

    package init(position: SourcePosition, message: String, advice: String? = nil) {
        self.position = position
        self.message = message
        self.advice = advice
    }

    package var description: String {
        "\(position): \(message)" + (advice.map { "; \($0)" } ?? "")
    }
}

/// Gathers problems, so that a file's errors are all told at once.
package final class ProblemLog {
    private var noted: [SpecProblem] = []

    package init() {}

    package func note(_ message: String, at position: SourcePosition, advice: String? = nil) {
        let problem = SpecProblem(position: position, message: message, advice: advice)
        // A step that is expanded many times has its problem once.
        if !noted.contains(problem) { noted.append(problem) }
    }

    package var isEmpty: Bool { noted.isEmpty }
    package var count: Int { noted.count }

    /// All problems, in the order of their places.
    package var problems: [SpecProblem] {
        noted.enumerated().sorted { one, other in
            let left = one.element.position
            let right = other.element.position
            return (left.file, left.line, left.column, one.offset)
                < (right.file, right.line, right.column, other.offset)
        }.map(\.element)
    }
}
