// SPDX-License-Identifier: Apache-2.0

/// Faults in which one client, or a peer, holds up all others.
enum ChannelsStallFault: String, FaultFamily {
    case visitorStallsAll = "waits-for-every-login"
    case silentUserStallsAll = "waits-for-every-user-to-join"
    case halfLineStallsAll = "waits-for-every-half-line"
    case peerStallsAll = "waits-for-every-answer-of-a-peer"

    var meaning: FaultMeaning {
        switch self {
        case .visitorStallsAll:
            .init("concurrency.silent-peer", "nobody is served while a client is not logged in")
        case .silentUserStallsAll:
            .init("concurrency.silent-peer", "nobody is served while a user has joined nothing")
        case .halfLineStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while half a line is pending")
        case .peerStallsAll:
            .init("fed.unanswered", "nobody is served while a FEDJOIN is unanswered")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        // Peers are not held up, so that their answers come.
        let meddler = StallingMeddler<ChannelsServer>(
            isClient: { $1.federation.links[$0] == nil },
            while: { holdsUp($0, $1) }
        )
        return MeddledServer(ChannelsServer(ChannelsSettings(configuration)), meddler)
    }

    private func holdsUp(_ connection: ConnectionID, _ server: ChannelsServer) -> Bool {
        server.sessions.read(connection) { session in
            switch self {
            case .visitorStallsAll: return session.state == .visitor
            case .silentUserStallsAll:
                guard case .user(let user) = session.state else { return false }
                return server.accounts[user].channels.isEmpty
            case .halfLineStallsAll: return session.framer.isInLine
            case .peerStallsAll:
                if case .joining? = session.task { return true }
                return false
            }
        } ?? false
    }
}
