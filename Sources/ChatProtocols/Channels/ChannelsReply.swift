// SPDX-License-Identifier: Apache-2.0

/// What the server says to clients, each line with its `\n`.
enum ChannelsReply {
    /// What a result is about.
    enum Kind: Equatable, Sendable {
        case register, login, say
        /// The channel as the client wrote it.
        case create([UInt8])
        case join([UInt8])
    }

    /// Writes `RESULT LOGIN 1` and the like.
    static func append(result kind: Kind, _ isDone: Bool, to output: inout [UInt8]) {
        switch kind {
        case .register: output.append("RESULT REGISTER ")
        case .login: output.append("RESULT LOGIN ")
        case .say: output.append("RESULT SAY ")
        case .create(let channel):
            output.append("RESULT CREATE ")
            output += channel
            output.append(" ")
        case .join(let channel):
            output.append("RESULT JOIN ")
            output += channel
            output.append(" ")
        }
        output.append(isDone ? "1\n" : "0\n")
    }

    /// `RESULT CHANNELS a, b`; only the ends are written anew.
    static func text(of list: ChannelsNameList) -> SharedText {
        var pieces = list.texts
        let first = pieces.first.map { $0.dropFirst(2) } ?? []
        let head = "RESULT CHANNELS ".bytes + first
        if pieces.isEmpty { pieces = [head] } else { pieces[0] = head }
        pieces[pieces.count - 1].append("\n")
        return SharedText(pieces)
    }

    /// Writes `RECV user channel text`.
    static func append(
        saidBy user: [UInt8],
        in channel: [UInt8],
        _ text: [UInt8],
        to output: inout [UInt8]
    ) {
        output.append("RECV ")
        output += user
        output.append(" ")
        output += channel
        output.append(" ")
        output += text
        output.append("\n")
    }
}
