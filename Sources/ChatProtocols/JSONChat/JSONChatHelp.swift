// SPDX-License-Identifier: Apache-2.0

/// The answer to `help`.
extension JSONChatText {
    /// All requests; those of moderators where there are moderators.
    static func help(withModerators: Bool) -> [UInt8] {
        withModerators ? requests + moderatorRequests : requests
    }

    private static let requests: [UInt8] = Array(
        """
        login <name>: log in; a name has the characters A-Z, a-z and 0-9
        logout: log out and disconnect
        msg <message>: say something to everyone in your room
        names: list who is in your room
        help: this text
        rooms: list the rooms
        create <room>: make a room
        join <room>: go to a room
        leave: go back to the common room
        """.utf8
    )

    private static let moderatorRequests: [UInt8] = Array(
        """

        kick <name>: end a user's connection (moderators only)
        ban <name>: do so, and let nobody log in by that name (moderators only)
        remove <n>: take the n-th newest message out of the history (moderators only)
        """.utf8
    )
}
