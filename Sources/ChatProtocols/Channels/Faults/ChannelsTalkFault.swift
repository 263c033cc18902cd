// SPDX-License-Identifier: Apache-2.0

/// Faults in `SAY`: who hears it, and what.
enum ChannelsTalkFault: String, ChannelsLineFault {
    case everyoneSays = "say-needs-no-membership"
    case silentRefusal = "a-refused-say-is-not-answered"
    case refusedIsTold = "a-refused-say-is-told"
    case anywhere = "say-to-no-channel-is-echoed"
    case tellsEveryone = "tells-everyone"
    case collapsesSpaces = "collapses-spaces"
    case oneWord = "sends-one-word"
    case cutsAtColon = "cuts-at-a-colon"
    case lowercases = "lowers-the-case-of-texts"
    case obeysTexts = "obeys-texts-that-look-like-commands"
    case asciiOnly = "replaces-what-is-not-ascii"
    case threeBytes = "replaces-characters-of-four-bytes"

    var meaning: FaultMeaning {
        switch self {
        case .everyoneSays: .init("say.not-joined", "who has not joined is told like a member")
        case .silentRefusal: .init("say.not-joined", "who has not joined is not answered")
        case .refusedIsTold:
            .init("say.not-joined", "what is refused to who has not joined is told the members")
        case .anywhere: .init("say.no-such-channel", "SAY to no channel comes back as RECV")
        case .tellsEveryone: .init("say.not-elsewhere", "everyone who is logged in is told")
        case .collapsesSpaces: .init("say.verbatim", "a run of spaces becomes one space")
        case .oneWord: .init("say.verbatim", "only the first word of a text is told")
        case .cutsAtColon: .init("say.verbatim", "a text ends at its first colon")
        case .lowercases: .init("say.verbatim", "capital letters of texts become small ones")
        case .obeysTexts: .init("say.verbatim", "a text CHANNELS is done and not told")
        case .asciiOnly: .init("say.unicode", "bytes that are not ASCII become question marks")
        case .threeBytes: .init("say.unicode", "characters of four bytes become question marks")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        guard case .say(let channel, let text) = request.command, let user = request.user else {
            return .right
        }
        let name = request.part(channel)
        let line = ChannelsFaultText.line("RECV".bytes, user, name, request.part(text))
        let members = request.channel(channel)?.online.connections ?? []
        let isRefused = !request.hasJoined(channel)
        switch self {
        case .everyoneSays:
            guard isRefused, request.channel(channel) != nil else { return .right }
            return .deliver(line, to: members, answer: [line])
        case .silentRefusal: return isRefused ? .answer([]) : .right
        case .refusedIsTold:
            guard isRefused else { return .right }
            return .deliver(line, to: members, answer: ["RESULT SAY 0".bytes])
        case .anywhere:
            return request.channel(channel) == nil ? .answer([line]) : .right
        case .tellsEveryone:
            guard !isRefused else { return .right }
            let everyone = request.server.accounts.accounts.compactMap(\.connection)
            let others = everyone.filter { $0 != request.connection }
            return .deliver(line, to: others, answer: [line])
        case .obeysTexts:
            return request.part(text) == "CHANNELS".bytes ? .lines(["CHANNELS".bytes]) : .right
        case .collapsesSpaces, .oneWord, .cutsAtColon, .lowercases, .asciiOnly, .threeBytes:
            return .lines([Array(request.line[..<text.lowerBound]) + misread(request.part(text))])
        }
    }

    private func misread(_ text: [UInt8]) -> [UInt8] {
        let space = UInt8(ascii: " ")
        let mark = UInt8(ascii: "?")
        switch self {
        case .collapsesSpaces:
            return text.indices.filter { index in
                index == 0 || text[index] != space || text[index - 1] != space
            }.map { text[$0] }
        case .oneWord: return Array(text.prefix { $0 != space })
        case .cutsAtColon:
            let head = text.prefix { $0 != UInt8(ascii: ":") }
            return head.isEmpty ? text : Array(head)
        case .lowercases: return text.map(ChannelsFaultText.lowercased)
        case .asciiOnly: return text.map { $0 < 0x80 ? $0 : mark }
        case .threeBytes:
            // The first byte of four, then what continues it.
            var isLong = false
            return text.compactMap { byte in
                if byte & 0xC0 == 0x80 { return isLong ? nil : byte }
                isLong = byte >= 0xF0
                return isLong ? mark : byte
            }
        case .everyoneSays, .silentRefusal, .refusedIsTold, .anywhere, .tellsEveryone, .obeysTexts:
            return text
        }
    }
}
