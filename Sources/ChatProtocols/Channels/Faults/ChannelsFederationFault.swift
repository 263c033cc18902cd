// SPDX-License-Identifier: Apache-2.0

/// Faults in how the streams of links are cut, and in who is a peer.
enum ChannelsFederationFault: String, FaultFamily {
    case firstLineOnly = "loses-coalesced-lines-of-peers"
    case obeysClients = "obeys-news-of-clients"

    var meaning: FaultMeaning {
        switch self {
        case .firstLineOnly: .init("fed.framing", "of the lines of a peer's read one counts")
        case .obeysClients: .init("fed.spoofing", "a FEDNEW of a client is believed")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = ChannelsServer(ChannelsSettings(configuration))
        return MeddledServer(server, ChannelsFederationMeddler(fault: self))
    }
}

private struct ChannelsFederationMeddler: ChannelsMeddler {
    let fault: ChannelsFederationFault
    var cutter = LineCutter()

    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        let isLink = server.federation.links[connection] != nil
        switch fault {
        case .firstLineOnly:
            guard isLink else { return bytes }
            return cutter.lines(bytes, from: connection).prefix(1).flatMap { $0 + [0x0A] }
        case .obeysClients:
            guard !isLink else { return bytes }
            for line in cutter.lines(bytes, from: connection) {
                if case .new(let name) = ChannelsLinkLine(line.span) {
                    server.listed.insert(name.name)
                }
            }
            return bytes
        }
    }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        cutter.forget(event)
        return [event]
    }
}
