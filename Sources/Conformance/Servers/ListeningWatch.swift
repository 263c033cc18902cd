// SPDX-License-Identifier: Apache-2.0

import Posix

/// Sees when a server that was started listens: by socket diagnosis, without touching the server.
struct ListeningWatch {
    let line: LaunchLine
    /// Nanoseconds that a server may take, without those in which it waits for a processor.
    let startLimit: Int64
    let setting: WorldSetting

    /// Whether it came to listen; `false` where it ended because its port is in use.
    func listens(_ server: LaunchedServer) throws(LaunchFailure) -> Bool {
        if let termination = server.termination, !Self.saysInUse(server.output) {
            throw server.failed(.endedAhead(termination))
        }
        var patience = StartPatience(of: startLimit, at: MonotonicClock.now)
        var backoff = Backoff(immediate: 1, first: 200_000, longest: 2_000_000)
        while true {
            if let address = listener(of: server) {
                server.address = address
                setting.watch.hasSeenServer = true
                return true
            }
            if let termination = server.termination {
                if Self.saysInUse(server.output) { return false }
                throw server.failed(.ended(termination))
            }
            if setting.interruption.isRequested { throw server.failed(.interrupted) }
            let left = patience.left(at: MonotonicClock.now) { server.processorWait }
            guard left > 0 else {
                throw server.failed(.neverListened(server.address, waited: startLimit))
            }
            try line.prepared { () throws(SystemCallError) in
                try setting.loop.turn(nanoseconds: min(left, backoff.next()))
            }
        }
    }

    /// Where the server listens: at the address it was given, or, where it was given only a port,
    /// at the loopback address of IPv6.
    private func listener(of server: LaunchedServer) -> SocketAddress? {
        let other = SocketAddress(.loopback6, port: server.address.port)
        for address in line.uses(.host) ? [server.address] : [server.address, other] {
            switch setting.watch.listener(at: address) {
            case .listening:
                let isOurs = setting.watch.isListenerOurs(at: address, likely: server.processID)
                if isOurs { return address }
            case .notListening: break
            case .unavailable: if Self.answers(address) { return address }
            }
        }
        return nil
    }

    /// Tries to connect, where the kernel does not tell who listens.
    private static func answers(_ address: SocketAddress) -> Bool {
        let socket = try? Socket.connect(to: address, within: 100_000_000)
        socket?.close()
        return socket != nil
    }

    private static func saysInUse(_ output: CapturedOutput) -> Bool {
        let text = String(decoding: output.head + output.tail, as: UTF8.self).lowercased()
        return ["address already in use", "address in use", "eaddrinuse"].contains {
            text.contains($0)
        }
    }
}
