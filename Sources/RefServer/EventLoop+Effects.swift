// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

extension EventLoop {
    /// Performs what the machine asked for, in its order.
    ///
    /// Payloads stay where they are until the end of the turn, as connections refer to them.
    func performEffects() {
        guard !effects.isEmpty else { return }
        for effect in effects.effects {
            switch effect {
            case .reply(let id, let payload): reply(to: id, payload)
            case .replyShared(let id, let index): reply(to: id, sharing: index)
            case .deliver(let targets, let payload): deliver(to: targets, payload)
            case .close(let id): if let connection = connection(id) { close(connection) }
            case .abort(let id): if let connection = connection(id) { doom(connection, .aborted) }
            case .store(let index): store?.add(effects.writes[index])
            case .password(let index): work(on: effects.passwordWork[index])
            case .wake(let elapsed): wakesAt = elapsed
            case .connect(let ticket, let target): connect(ticket, target)
            case .lookUp(let ticket, let lookUp): self.lookUp(ticket, lookUp)
            case .log(let text, let id): log(text, about: id)
            case .cancelConnect(let ticket): cancelConnect(ticket)
            case .pause(let id): setIntake(id, .paused)
            case .hold(let id): setIntake(id, .held)
            case .resume(let id): setIntake(id, .open)
            case .tellWhenSent(let id): tellWhenSent(id)
            case .widen(let id): connection(id)?.isWide = true
            }
        }
        effects.removeEffects()
    }

    private func reply(to id: ConnectionID, _ payload: Range<Int>) {
        guard let connection = connection(id), connection.phase == .open else { return }
        effects.payloads.withUnsafeBytes { connection.enqueue(payload, of: $0) }
        markDirty(connection)
    }

    private func reply(to id: ConnectionID, sharing index: Int) {
        guard let connection = connection(id), connection.phase == .open else { return }
        let pieces = effects.sharedPayloads[index].pieces
        effects.payloads.withUnsafeBytes { connection.enqueue(sharing: pieces, behind: $0) }
        markDirty(connection)
    }

    private func deliver(to targets: Range<Int>, _ payload: Range<Int>) {
        effects.payloads.withUnsafeBytes { payloads in
            effects.targets.withUnsafeBufferPointer { ids in
                for id in ids[targets] {
                    guard let connection = connection(id) else { continue }
                    deliver(payload, of: payloads, to: connection)
                }
            }
        }
    }

    /// Queues what others caused, or drops a client that has too much of it waiting.
    ///
    /// Where nothing waits it is taken whatever its length: it is a single message then, or no longer
    /// than the mark of fullness of the effects.
    private func deliver(
        _ payload: Range<Int>,
        of payloads: UnsafeRawBufferPointer,
        to connection: Connection
    ) {
        guard connection.phase == .open, !connection.isDoomed else { return }
        if connection.caused + payload.count > limits.sendQueue, connection.waiting > 0 {
            // All that the kernel takes: nobody is dropped for what is kept back in fairness.
            flush(connection, payloads, most: .max)
            guard !connection.isDoomed else { return }
            let wouldPass = connection.caused + payload.count > limits.sendQueue
            if wouldPass, connection.waiting > 0 { return doom(connection, .tooSlow) }
        }
        connection.enqueue(payload, of: payloads)
        connection.caused += payload.count
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
            flushInTurn(connection)
            closeDoomed()
            index += 1
        }
        dirty.removeAll(keepingCapacity: true)
        effects.removeAll()
    }

    /// Hands the kernel what waits, of what was queued before at most so much.
    func flush(_ connection: Connection, most: Int) {
        effects.payloads.withUnsafeBytes { flush(connection, $0, most: most) }
    }

    private func flush(
        _ connection: Connection,
        _ payloads: UnsafeRawBufferPointer,
        most: Int
    ) {
        guard !connection.isDoomed else { return }
        do {
            if try connection.flush(payloads, most: most) == .reset {
                return doom(connection, .reset)
            }
        } catch {
            return doom(connection, .failed(error))
        }
        connection.caused = min(connection.caused, connection.waiting)
        if connection.awaitsSent, connection.waiting == 0 {
            connection.awaitsSent = false
            sent.append(connection.id)
        }
        if connection.phase == .flushing, connection.waiting == 0 { endOutput(of: connection) }
        resumeIfPossible(connection)
        updateInterest(of: connection)
    }

    private func resumeIfPossible(_ connection: Connection) {
        guard !connection.pending.isEmpty, !connection.isResuming, connection.phase == .open,
            connection.intake == .open, connection.waiting <= limits.sendQueue
        else { return }
        connection.isResuming = true
        resuming.append(connection)
    }

    private func tellWhenSent(_ id: ConnectionID) {
        guard let connection = connection(id) else { return }
        connection.awaitsSent = true
        // Also where nothing is to be sent.
        markDirty(connection)
    }

    /// Tells whose queues are empty of those of whom that was asked.
    func tellSent() {
        guard !sent.isEmpty else { return }
        let told = sent
        sent.removeAll(keepingCapacity: true)
        for id in told {
            server.handle(.sent(id), into: &effects)
            performEffects()
            closeDoomed()
        }
    }

    private func setIntake(_ id: ConnectionID, _ intake: Connection.Intake) {
        guard let connection = connection(id) else { return }
        connection.intake = intake
        // Takes up what was left, and looks after what to ask for.
        markDirty(connection)
    }

    func updateInterest(of connection: Connection) {
        let input = connection.wantsInput(limit: limits.sendQueue)
        let room = connection.wantsRoom
        let end = connection.wantsEnd
        guard
            input != connection.asksForInput || room != connection.asksForRoom
                || end != connection.asksForEnd
        else { return }
        guard !connection.isDoomed else { return }
        connection.asksForInput = input
        connection.asksForRoom = room
        connection.asksForEnd = end
        var interest: Interest = []
        if input { interest.insert(.readable) }
        if room { interest.insert(.writable) }
        if end { interest.insert(.peerFinished) }
        poller.update(connection.token, interest)
    }
}
