// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Keeps a terminal from showing what is typed, for as long as it lives.
package final class TerminalEcho {
    private let descriptor: Int32
    private var before: termios?

    /// Turns the echo off where `descriptor` is a terminal; does nothing where it is none.
    ///
    /// The corresponding C functions are `tcgetattr` and `tcsetattr`.
    package init(hiding descriptor: Int32) {
        self.descriptor = descriptor
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return }
        before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        settings.c_lflag |= tcflag_t(ECHONL)
        _ = tcsetattr(descriptor, TCSANOW, &settings)
    }

    deinit { restore() }

    /// Shows again what is typed.
    package func restore() {
        guard var settings = before else { return }
        _ = tcsetattr(descriptor, TCSANOW, &settings)
        before = nil
    }
}
