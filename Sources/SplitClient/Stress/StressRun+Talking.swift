// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// What is sent while all talk.
extension StressRun {
    func beginTalk() throws(SystemCallError) {
        phase = .talking
        began = MonotonicClock.now
        (talk.lastArrival, talk.lastProgress) = (began, began)
        // A run that is over in no time is seen, too.
        (nextTick, nextReport) = (0, 0)
        talkOffsets = ownConnection.map { connections[$0].writer.streamOffset }
        for client in 0..<options.connections { talk.mark(client) }
        try refillDirty()
    }

    func refillDirty() throws(SystemCallError) {
        guard phase == .talking else { return }
        while let client = talk.takeDirty() { try refill(client) }
        if finished == options.connections, phase == .talking { try beginProbing() }
    }

    /// Sends as many messages of a client as there is room for.
    private func refill(_ client: Int) throws(SystemCallError) {
        guard !isFinished[client] else { return }
        let left = options.messages - talk.windows.sent[client]
        if left == 0 {
            guard talk.windows.isIdle(client) else { return }
            isFinished[client] = true
            finished += 1
            return
        }
        guard talk.windows.room(of: client) >= min(left, talk.windows.leastRoom) else { return }
        if let plan = options.plan {
            try sendCut(client, joined: plan.joinedMessages, left: left)
        } else {
            try sendUncut(client, min(left, talk.windows.room(of: client)))
        }
    }

    private func sendUncut(_ client: Int, _ count: Int) throws(SystemCallError) {
        guard count > 0 else { return }
        scratch.removeAll(keepingCapacity: true)
        let now = MonotonicClock.now
        for _ in 0..<count { _ = write(nextMessageOf: client, at: now) }
        let connection = connections[ownConnection[client]]
        try send(scratch, on: connection)
    }

    /// Messages that a plan joins are sent by the joinful, so a seed repeats the cuts.
    private func sendCut(_ client: Int, joined: Int, left: Int) throws(SystemCallError) {
        let writer = connections[ownConnection[client]].writer
        var left = left
        while left > 0, talk.windows.room(of: client) >= min(joined, left) {
            for _ in 0..<min(joined, left) {
                scratch.removeAll(keepingCapacity: true)
                let length = write(nextMessageOf: client, at: .max)
                writer.append(MessageToCut(bytes: scratch, contentLength: length))
            }
            writer.release()
            left -= min(joined, left)
        }
        try pump(ownConnection[client])
    }

    /// Appends the client's next message to `scratch`; the length of its content.
    private func write(nextMessageOf client: Int, at time: Int64) -> Int {
        let sequence = talk.windows.send(
            from: client, receivers: groups.receivers(of: client), at: time)
        return write(sequence, of: client, into: &scratch)
    }

    /// Appends one message of a client; the length of its content.
    func write(_ sequence: Int, of client: Int, into out: inout [UInt8]) -> Int {
        let recipient =
            groups.audience == .one ? groups.recipient(of: sequence, from: client) : client
        return dialect.write(
            { text.append(sequence, of: client, to: &$0) }, from: client, to: recipient, into: &out)
    }

    /// Sends bytes as they are; what the kernel does not take waits.
    func send(_ bytes: [UInt8], on connection: StressConnection) throws(SystemCallError) {
        guard !connection.hasEnded else { return }
        var taken = 0
        if connection.outgoing.isEmpty {
            switch try connection.socket.send(bytes) {
            case .processed(let count): taken = count
            case .wouldBlock: break
            case .reset, .endOfStream: return disconnected(connection)
            }
        }
        guard taken < bytes.count else { return }
        bytes.withUnsafeBytes {
            connection.outgoing.append(UnsafeRawBufferPointer(rebasing: $0[taken...]))
        }
        setWaitsForRoom(connection, true)
    }

    func flush(_ connection: StressConnection) throws(SystemCallError) {
        switch try connection.outgoing.flush(to: connection.socket) {
        case .drained: setWaitsForRoom(connection, false)
        case .pending: break
        case .reset: disconnected(connection)
        }
    }

    func tickTalking(_ now: Int64) throws(SystemCallError) {
        guard now - talk.lastProgress > Self.patience else { return }
        for client in 0..<options.connections
        where talk.windows.letGo(client, before: now - Self.patience) {
            talk.mark(client)
        }
        try refillDirty()
        // Nothing has come for so long: the server answers no more, or will not confirm.
        if phase == .talking, now - talk.lastProgress > options.timeout { try giveUpTalking() }
    }
}
