// SPDX-License-Identifier: Apache-2.0

/// A command line that cannot be understood.
package struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The exit status of a program that is called so.
    package static let exitStatus: Int32 = 2

    /// One sentence: what is wrong, and what would be right.
    package var message: String
    package var usage: String
    package var helpCommand: String

    package init(message: String, usage: String, helpCommand: String) {
        self.message = message
        self.usage = usage
        self.helpCommand = helpCommand
    }

    /// Three lines for standard error, without a line feed at the end.
    package var description: String {
        """
        error: \(message)
        usage: \(usage)
        see `\(helpCommand)`
        """
    }
}
