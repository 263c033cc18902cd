// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Descriptors 0, 1 and 2.
package enum StandardStreams {
    /// Puts `/dev/null` where one was closed by who started the program.
    ///
    /// To be called before anything else is opened: the next descriptor gets the lowest free number,
    /// and a connection to a server would become standard output. Where it fails nothing can be
    /// opened later either.
    ///
    /// The corresponding C functions are `fcntl` (`F_GETFD`) and `open`.
    package static func hold() {
        for number in STDIN_FILENO...STDERR_FILENO where cshim_is_closed(number) != 0 {
            guard cshim_open_null() == number else { return }
        }
    }
}
