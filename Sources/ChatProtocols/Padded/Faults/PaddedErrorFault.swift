// SPDX-License-Identifier: Apache-2.0

/// Faults in refusing.
enum PaddedErrorFault: String, PaddedCommandFault {
    case joinTextEnds = "join-argument-text-lacks-its-period"
    case createTextEnds = "create-argument-text-has-a-period"
    case noSuchChannelShort = "no-such-channel-text-is-cut-short"
    case existsSilently = "existing-channel-is-not-refused"
    case outsideSilently = "text-outside-is-swallowed"
    case unknownShort = "unknown-control-text-is-cut-short"
    case nearMiss = "accepts-words-that-begin-alike"
    case errorLeaves = "error-leaves-the-channel"
    case errorTold = "error-is-told-to-the-channel"
    case errorCloses = "error-closes"

    var meaning: FaultMeaning {
        switch self {
        case .joinTextEnds: .init("join.requires-argument", "the text lacks its period")
        case .createTextEnds: .init("create.requires-argument", "the text ends in a period")
        case .noSuchChannelShort: .init("join.no-such-channel", "the text lacks its second half")
        case .existsSilently: .init("create.exists", "/create of what exists is not answered")
        case .outsideSilently: .init("say.outside-channel", "a text outside gets no answer")
        case .unknownShort: .init("control.unknown", "the text lacks its second sentence")
        case .nearMiss: .init("control.near-miss", "/joinx, /createx and /lists are obeyed")
        case .errorLeaves: .init("error.no-side-effect", "an error puts the client out")
        case .errorTold: .init("error.no-side-effect", "the channel hears of an error, too")
        case .errorCloses: .init("error.no-side-effect", "an error closes the connection")
        }
    }

    func perform(
        _ request: PaddedRequest,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client else { return false }
        guard let text = errorText(request, of: client, on: server) else { return false }
        switch self {
        case .existsSilently:
            return text.kind == .channelExists
        case .outsideSilently:
            return text.kind == .outsideChannel
        case .nearMiss:
            return obeyNearMiss(request, by: client, on: &server, into: &effects)
        case .errorLeaves:
            server.depart(client.connection, into: &effects)
            return false
        case .errorTold:
            guard let room = client.room else { return false }
            PaddedFrame.append(text.kind.text, text.about.span, to: &effects.payloads)
            effects.deliver(to: server.rooms.members[room], except: client.connection)
            return false
        case .errorCloses:
            server.act(on: request.message.span, from: client.connection, into: &effects)
            effects.close(client.connection)
            return true
        case .joinTextEnds, .createTextEnds, .noSuchChannelShort, .unknownShort:
            guard let wrong = wrongText(text.kind) else { return false }
            server.refuse(wrong, text.about.span, to: client, into: &effects)
            return true
        }
    }

    private func wrongText(_ error: PaddedError) -> PaddedText? {
        switch (self, error) {
        case (.joinTextEnds, .joinNeedsArgument):
            PaddedText(parts: ["/join command must be followed by the name of a channel to join"])
        case (.createTextEnds, .createNeedsArgument):
            PaddedText(parts: [
                "/create command must be followed by the name of a channel to create."
            ])
        case (.noSuchChannelShort, .noSuchChannel):
            PaddedText(parts: ["No channel named ", " exists."])
        case (.unknownShort, .unknownControl):
            PaddedText(parts: ["", " is not a valid control message."])
        case (_, _):
            nil
        }
    }

    private func obeyNearMiss(
        _ request: PaddedRequest,
        by client: PaddedClient,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let words: [StaticString] = ["/join", "/create", "/list"]
        let message = request.message
        for word in words where message.starts(with: word.bytes) {
            let rest = message.drop { $0 != UInt8(ascii: " ") }
            let obeyed = word.bytes + rest
            server.act(on: obeyed.span, from: client.connection, into: &effects)
            return true
        }
        return false
    }
}

/// The errors of the page.
private enum PaddedError: Equatable {
    case joinNeedsArgument, createNeedsArgument, noSuchChannel, channelExists, outsideChannel
    case unknownControl

    var text: PaddedText {
        switch self {
        case .joinNeedsArgument: .joinNeedsArgument
        case .createNeedsArgument: .createNeedsArgument
        case .noSuchChannel: .noSuchChannel
        case .channelExists: .channelExists
        case .outsideChannel: .outsideChannel
        case .unknownControl: .unknownControl
        }
    }
}

/// The error that a message deserves, if it does, and what the text names.
private func errorText(
    _ request: PaddedRequest,
    of client: PaddedClient,
    on server: PaddedServer
) -> (kind: PaddedError, about: [UInt8])? {
    switch request.command {
    case .blank, .list: return nil
    case .say: return client.room == nil ? (.outsideChannel, []) : nil
    case .joinNothing: return (.joinNeedsArgument, [])
    case .createNothing: return (.createNeedsArgument, [])
    case .unknown: return (.unknownControl, request.message)
    case .join(let range):
        let name = request.argument(range)
        return server.rooms.find(name) == nil ? (.noSuchChannel, name) : nil
    case .create(let range):
        let name = request.argument(range)
        return server.rooms.find(name) != nil ? (.channelExists, name) : nil
    }
}
