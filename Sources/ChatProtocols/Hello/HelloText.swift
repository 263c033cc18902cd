// SPDX-License-Identifier: Apache-2.0

/// The server's answers that say nothing but themselves, each with its `\n`.
enum HelloText {
    static let inUse: StaticString = "IN-USE\n"
    static let busy: StaticString = "BUSY\n"
    static let sendOK: StaticString = "SEND-OK\n"
    static let badDestination: StaticString = "BAD-DEST-USER\n"
    static let badHeader: StaticString = "BAD-RQST-HDR\n"
    static let badBody: StaticString = "BAD-RQST-BODY\n"
}

/// How answers that name somebody are written: each at the end of `payloads`.
enum HelloMessage {
    static func append(helloTo name: Span<UInt8>, to payloads: inout [UInt8]) {
        payloads.append("HELLO ")
        payloads.append(name)
        payloads.append("\n")
    }

    /// Writes `LIST-OK` and the names with a comma between them.
    static func append(list names: some Sequence<[UInt8]>, to payloads: inout [UInt8]) {
        payloads.append("LIST-OK ")
        for (index, name) in names.enumerated() {
            if index > 0 { payloads.append(",") }
            payloads.append(contentsOf: name)
        }
        payloads.append("\n")
    }

    static func append(
        deliveryFrom sender: Span<UInt8>,
        _ text: Span<UInt8>,
        to payloads: inout [UInt8]
    ) {
        payloads.append("DELIVERY ")
        payloads.append(sender)
        payloads.append(" ")
        payloads.append(text)
        payloads.append("\n")
    }
}
