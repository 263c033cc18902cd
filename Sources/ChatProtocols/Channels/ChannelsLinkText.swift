// SPDX-License-Identifier: Apache-2.0

/// What the server says to its peers, each line with its `\n`.
struct ChannelsLinkText {
    /// The server's own name.
    let own: [UInt8]

    func append(join user: [UInt8], _ channel: [UInt8], to output: inout [UInt8]) {
        output.append("FEDJOIN ")
        output += user
        output.append("@")
        output += own
        output.append(" ")
        output += channel
        output.append("\n")
    }

    func append(
        say user: [UInt8],
        _ channel: [UInt8],
        _ text: [UInt8],
        to output: inout [UInt8]
    ) {
        output.append("FEDSAY ")
        output += user
        output.append("@")
        output += own
        output.append(" ")
        output += channel
        output.append(" ")
        output += text
        output.append("\n")
    }

    /// `type` is JOIN or SAY.
    func append(
        result user: [UInt8],
        _ type: StaticString,
        _ channel: [UInt8],
        _ isDone: Bool,
        to output: inout [UInt8]
    ) {
        output.append("FEDRESULT ")
        output += user
        output.append(" ")
        output.append(type)
        output.append(" ")
        output += channel
        output.append(":")
        output += own
        output.append(isDone ? " 1\n" : " 0\n")
    }

    /// One of the lines that tell a message, which differ in the one who is told.
    static func append(recv user: [UInt8], _ tail: [UInt8], to output: inout [UInt8]) {
        output.append("FEDRECV ")
        output += user
        output += tail
    }

    /// What the lines that tell a message end with; `sender` with the host by which the receivers are
    /// to know it.
    func tail(from sender: ChannelsUser, _ channel: [UInt8], _ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + channel.count + own.count + 520)
        output.append(" ")
        output += sender.shown
        output.append(" ")
        output += channel
        output.append(":")
        output += own
        output.append(" ")
        output += text
        output.append("\n")
        return output
    }

    func append(new channel: [UInt8], to output: inout [UInt8]) {
        output.append("FEDNEW ")
        output += channel
        output.append("\n")
    }
}
