// SPDX-License-Identifier: Apache-2.0

/// The server's answers that say nothing but themselves, each with its `\n`.
enum CallbackText {
    static let loginOK: StaticString = "101 Authentication successful\n"
    static let loginFailed: StaticString = "102 Authentication failed\n"
    static let connected: StaticString = "201 Build connection successful\n"
    static let notConnected: StaticString = "202 Build connection failed\n"
    static let delivered: StaticString = "303 Message delivery successful\n"
    static let notDelivered: StaticString = "304 Message delivery failed\n"
    static let bye: StaticString = "310 Bye bye\n"
    static let unrecognized: StaticString = "401 Unrecognized message\n"
}

/// How messages that name somebody are written.
enum CallbackWriting {
    /// Writes `301` and the names, each behind a space.
    static func append(list names: some Sequence<[UInt8]>, to payloads: inout [UInt8]) {
        payloads.append("301")
        for name in names {
            payloads.append(" ")
            payloads.append(contentsOf: name)
        }
        payloads.append("\n")
    }

    /// The whole line that a text arrives in; `head` is `/from ` or `/broadcastfrom `.
    static func line(_ head: StaticString, from sender: [UInt8], _ text: Span<UInt8>) -> [UInt8] {
        var line: [UInt8] = []
        line.append(head)
        line.append(contentsOf: sender)
        line.append(" ")
        line.append(text)
        line.append("\n")
        return line
    }

    static let from: StaticString = "/from "
    static let broadcastFrom: StaticString = "/broadcastfrom "
}
