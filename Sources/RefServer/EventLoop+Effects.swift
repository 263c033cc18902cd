// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

extension EventLoop {
    /// Performs what the machine asked for, in its order, and forgets it.
    func performEffects() {
        guard !effects.isEmpty else { return }
        for index in effects.effects.indices {
            switch effects.effects[index] {
            case .reply(let id, let payload): reply(to: id, payload)
            case .deliver(let targets, let payload): deliver(to: targets, payload)
            case .close(let id): if let connection = connection(id) { close(connection) }
            case .abort(let id): if let connection = connection(id) { doom(connection, .aborted) }
            }
        }
        effects.removeAll()
    }

    private func reply(to id: ConnectionID, _ payload: Range<Int>) {
        guard let connection = connection(id), connection.phase == .open else { return }
        effects.payloads.withUnsafeBytes { payloads in
            connection.queue.append(UnsafeRawBufferPointer(rebasing: payloads[payload]))
        }
        markDirty(connection)
    }

    private func deliver(to targets: Range<Int>, _ payload: Range<Int>) {
        effects.payloads.withUnsafeBytes { payloads in
            let bytes = UnsafeRawBufferPointer(rebasing: payloads[payload])
            effects.targets.withUnsafeBufferPointer { ids in
                for id in ids[targets] {
                    if let connection = connection(id) { deliver(bytes, to: connection) }
                }
            }
        }
    }

    /// Queues what others caused, or drops a client that has too much of it waiting.
    ///
    /// An empty queue takes it whatever its length.
    private func deliver(_ bytes: UnsafeRawBufferPointer, to connection: Connection) {
        guard connection.phase == .open, !connection.isDoomed else { return }
        if connection.caused + bytes.count > limits.sendQueue, !connection.queue.isEmpty {
            flush(connection)
            guard !connection.isDoomed else { return }
            let wouldPass = connection.caused + bytes.count > limits.sendQueue
            if wouldPass, !connection.queue.isEmpty { return doom(connection, .tooSlow) }
        }
        connection.queue.append(bytes)
        connection.caused += bytes.count
        markDirty(connection)
    }

    func markDirty(_ connection: Connection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection)
    }

    /// Sends what the turn has caused, one call a connection.
    ///
    /// Closing a connection that turns out to be reset causes more, which is sent as well.
    func flushDirty() {
        var index = 0
        while index < dirty.count {
            let connection = dirty[index]
            connection.isDirty = false
            flush(connection)
            closeDoomed()
            index += 1
        }
        dirty.removeAll(keepingCapacity: true)
    }

    func flush(_ connection: Connection) {
        guard !connection.isDoomed else { return }
        do {
            if try connection.queue.flush(to: connection.socket) == .reset {
                return doom(connection, .reset)
            }
        } catch {
            return doom(connection, .failed(error))
        }
        connection.caused = min(connection.caused, connection.queue.count)
        if connection.phase == .flushing, connection.queue.isEmpty { endOutput(of: connection) }
        resumeIfPossible(connection)
        updateInterest(of: connection)
    }

    private func resumeIfPossible(_ connection: Connection) {
        guard !connection.pending.isEmpty, !connection.isResuming, connection.phase == .open,
            connection.queue.count <= limits.sendQueue
        else { return }
        connection.isResuming = true
        resuming.append(connection)
    }

    func updateInterest(of connection: Connection) {
        let wanted = connection.wantedInterest(limit: limits.sendQueue)
        guard !connection.isDoomed, wanted != connection.interest else { return }
        connection.interest = wanted
        poller.update(connection.token, wanted)
    }
}
