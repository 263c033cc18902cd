// SPDX-License-Identifier: Apache-2.0

/// The server's texts, to the byte: what stands around the one thing that each may name.
///
/// They are those of the source's `utils.py`, cut where `{0}` stands; of the two arguments errors
/// one ends in a period and the other does not.
struct PaddedText: Sendable {
    let parts: [StaticString]

    static let unknownControl = PaddedText(parts: [
        "", " is not a valid control message. Valid messages are /create, /list, and /join.",
    ])
    static let noSuchChannel = PaddedText(parts: [
        "No channel named ", " exists. Try '/create ", "'?",
    ])
    static let joinNeedsArgument = PaddedText(parts: [
        "/join command must be followed by the name of a channel to join."
    ])
    static let channelExists = PaddedText(parts: [
        "Room ", " already exists, so cannot be created.",
    ])
    static let createNeedsArgument = PaddedText(parts: [
        "/create command must be followed by the name of a channel to create"
    ])
    static let outsideChannel = PaddedText(parts: [
        "Not currently in any channel. Must join a channel before sending messages."
    ])
    static let joined = PaddedText(parts: ["", " has joined"])
    static let left = PaddedText(parts: ["", " has left"])
}
