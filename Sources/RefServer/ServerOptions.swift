// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

/// What the command line asks the server to be.
struct ServerOptions {
    var chatProtocol: ChatProtocol
    var configuration = ServerConfiguration()
    var address: SocketAddress
    var limits = ServerLimits()
    var logLevel = Log.Level.info
    /// The one thing to do wrong, if any.
    var fault: Fault?

    func makeServer() -> any ChatServer {
        fault?.makeServer(configuration) ?? chatProtocol.makeServer(configuration)
    }

    /// For the log: `padded`, or `padded with the fault does-not-pad`.
    var servedAs: String {
        guard let fault else { return chatProtocol.name }
        return "\(chatProtocol.name) with the fault \(fault.name)"
    }
}
