// SPDX-License-Identifier: Apache-2.0

import Arguments

/// What several commands take, and say in the same words.
extension CommandArgument {
    static let host = CommandArgument("host", help: "The server's name or IP address.")
    static let port = CommandArgument("port", help: "The server's port.")
}

extension CommandOption {
    static let pace = CommandOption.value(
        "pace", "WHEN", defaultText: "drained",
        help: "When the next segment leaves: when the server has taken the one before "
            + "(drained), or after a time.")
}
