// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// What lies behind a standard descriptor.
package enum Terminal {
    package static let standardOutput = STDOUT_FILENO
    package static let standardError = STDERR_FILENO

    /// Whether a person may be looking (`isatty`).
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// Columns of the terminal; `nil` if it is none or does not say (`TIOCGWINSZ`).
    package static func width(_ descriptor: Int32) -> Int? {
        var columns: Int32 = 0
        let result = cshim_terminal_width(descriptor, &columns)
        return result == 0 && columns > 0 ? Int(columns) : nil
    }

    /// Whether colours and cursor movements are welcome.
    ///
    /// Not if `NO_COLOR` is set to anything but nothing (no-color.org) or `TERM` is `dumb` or unset.
    package static func welcomesColour(
        isTerminal: Bool,
        environment: (String) -> String? = Environment.value
    ) -> Bool {
        guard isTerminal, (environment("NO_COLOR") ?? "").isEmpty else { return false }
        let kind = environment("TERM") ?? ""
        return !kind.isEmpty && kind != "dumb"
    }

    /// Whether the terminal obeys cursor movements: `TERM` is set, and not `dumb`.
    package static func movesCursor(
        environment: (String) -> String? = Environment.value
    ) -> Bool {
        let kind = environment("TERM") ?? ""
        return !kind.isEmpty && kind != "dumb"
    }
}
