// SPDX-License-Identifier: Apache-2.0

/// The server's texts, to the byte; each may name one thing between its two halves.
///
/// They are those of the source's `utils.py`; of the two arguments errors one ends in a period and
/// the other does not.
struct PaddedText {
    let before: StaticString
    let after: StaticString

    static let unknownControl = PaddedText(
        before: "",
        after: " is not a valid control message. Valid messages are /create, /list, and /join."
    )
    static let noSuchChannel = PaddedText(
        before: "No channel named ",
        after: " exists. Try '/create {0}'?"
    )
    static let joinNeedsArgument = PaddedText(
        before: "/join command must be followed by the name of a channel to join.",
        after: ""
    )
    static let channelExists = PaddedText(
        before: "Room ",
        after: " already exists, so cannot be created."
    )
    static let createNeedsArgument = PaddedText(
        before: "/create command must be followed by the name of a channel to create",
        after: ""
    )
    static let outsideChannel = PaddedText(
        before: "Not currently in any channel. Must join a channel before sending messages.",
        after: ""
    )
    static let joined = PaddedText(before: "", after: " has joined")
    static let left = PaddedText(before: "", after: " has left")
}
