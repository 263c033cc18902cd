// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

extension EventLoop {
    func acceptAll(place: Int) {
        // A signal that was served earlier in this turn has ended it.
        guard case .serving = state else { return }
        bringForward(listenerToken, place: place)
        for _ in 0..<ServerLimits.accepts {
            do {
                switch try listener.accept() {
                case .accepted(let socket, let address): admit(socket, from: address)
                case .wouldBlock: return
                case .aborted: continue
                case .outOfDescriptors(let isOwnLimit): return rest(shortage(isOwnLimit))
                }
            } catch {
                return rest("\(error)")
            }
        }
    }

    private func admit(_ socket: Socket, from address: SocketAddress) {
        guard connectionCount - outgoingCount < limits.connections else {
            log.write(.warning, "\(address) refused: \(limits.connections) clients are connected")
            // Ends orderly, unless the client has already sent something.
            socket.close()
            return
        }
        let token = poller.add(socket.descriptor, .readable)
        // Who has just come speaks soon.
        bringForward(token)
        let connection = enter(socket, token, address, isOutgoing: false)
        log.write(.info, "\(address) connected")
        server.handle(.connected(connection.id), into: &effects)
        performEffects()
        closeDoomed()
    }

    /// Gives a connection its slot.
    func enter(
        _ socket: Socket,
        _ token: Poller.Token,
        _ address: SocketAddress,
        isOutgoing: Bool
    ) -> Connection {
        // Without it a client's answer waits for its acknowledgement; a failure costs no more.
        try? socket.setNoDelay(true)
        let slot = UInt32(truncatingIfNeeded: token.index)
        let id = ConnectionID(slot: slot, generation: nextGeneration)
        nextGeneration &+= 1
        let connection = Connection(
            id: id, token: token, socket: socket, address: address, isOutgoing: isOutgoing)
        while connections.count <= token.index { connections.append(nil) }
        connections[token.index] = connection
        connectionCount += 1
        if isOutgoing { outgoingCount += 1 }
        return connection
    }

    /// What is missing, and where it is this process's limit, which one.
    private func shortage(_ isOwnLimit: Bool) -> String {
        guard isOwnLimit, let limit = try? DescriptorLimits.current().soft else {
            return "no descriptor or memory is left"
        }
        return "this process may have \(limit) open files (ulimit -n)"
    }

    /// Leaves who wants to connect in the backlog until a connection ends, or for a while.
    private func rest(_ reason: String) {
        log.write(.warning, "accepting rests: \(reason)")
        poller.setPaused(listenerToken, true)
        restsUntil = MonotonicClock.deadline(after: ServerLimits.rest)
    }

    func endRest() {
        guard restsUntil != nil else { return }
        restsUntil = nil
        poller.setPaused(listenerToken, false)
    }
}
