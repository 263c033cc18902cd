// SPDX-License-Identifier: Apache-2.0

/// Faults in which one client holds up all others.
enum PaddedStallFault: String, FaultFamily {
    case unnamedStallsAll = "waits-for-every-name"
    case halfFrameStallsAll = "waits-for-every-half-frame"

    var meaning: FaultMeaning {
        switch self {
        case .unnamedStallsAll:
            .init("concurrency.silent-peer", "nobody is served while a client has no name yet")
        case .halfFrameStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while half a frame is pending")
        }
    }

    func makeServer(_: ServerConfiguration) -> any ChatServer {
        let meddler = StallingMeddler<PaddedServer> { connection, server in
            guard let session = server.sessions[connection] else { return false }
            return switch self {
            case .unnamedStallsAll: session.state == .unnamed
            case .halfFrameStallsAll: session.framer.isInFrame
            }
        }
        return MeddledServer(PaddedServer(), meddler)
    }
}
