// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// A client of `channels` with a real socket.
final class ChannelsPeer: LinePeer {
    /// Connects, and registers and logs in if a name is given.
    convenience init(
        _ server: RunningServer,
        name: String? = nil,
        from host: IPAddress? = nil,
        receiveBuffer: Int32? = nil
    ) throws {
        self.init(try PeerStream(server, from: host, receiveBuffer: receiveBuffer))
        guard let name else { return }
        _ = try ask("REGISTER \(name) pw-\(name)")
        #expect(try ask("LOGIN \(name) pw-\(name)") == "RESULT LOGIN 1")
    }
}
