// SPDX-License-Identifier: Apache-2.0

/// Faults in which one client holds up all others.
enum HelloStallFault: String, FaultFamily {
    case anonymousStallsAll = "waits-for-every-login"
    case halfLineStallsAll = "waits-for-every-half-line"

    var meaning: FaultMeaning {
        switch self {
        case .anonymousStallsAll:
            .init("concurrency.silent-peer", "nobody is served while a client is not logged in")
        case .halfLineStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while half a line is pending")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let meddler = StallingMeddler<HelloServer> { connection, server in
            guard let session = server.sessions[connection] else { return false }
            return switch self {
            case .anonymousStallsAll: session.state == .anonymous
            case .halfLineStallsAll: session.framer.isInLine
            }
        }
        return MeddledServer(HelloServer(configuration), meddler)
    }
}
