// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Faults in which one client holds others up, or keeps nothing for those to come.
enum JSONChatStallFault: String, FaultFamily {
    case silentStallsAll = "a-silent-visitor-stalls-all"
    case halfStallsAll = "half-an-object-stalls-all"
    case storesNothing = "stores-nothing"

    var meaning: FaultMeaning {
        switch self {
        case .silentStallsAll:
            .init("concurrency.silent-peer", "nobody is served while one has not logged in")
        case .halfStallsAll:
            .init("concurrency.stalled-peer", "nobody is served while one is inside an object")
        case .storesNothing: .init("persist.history", "the database stays empty")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        var settings = JSONChatSettings(configuration)
        guard self != .storesNothing else {
            settings.hasStore = false
            return JSONChatServer(settings)
        }
        let meddler = StallingMeddler<JSONChatServer> { connection, server in
            server.sessions.read(connection) { session in
                switch self {
                case .silentStallsAll: session.state == .visitor
                case .halfStallsAll: session.reader.isInsideValue
                case .storesNothing: false
                }
            } ?? false
        }
        return MeddledServer(JSONChatServer(settings), meddler)
    }
}
