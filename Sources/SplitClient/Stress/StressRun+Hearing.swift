// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// What comes in, and what it means.
extension StressRun {
    func receive(_ index: Int) throws(SystemCallError) {
        let connection = connections[index]
        switch try connection.socket.receive(into: buffer) {
        case .processed(let count):
            let fresh = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try take(fresh, connection)
        case .wouldBlock: break
        case .endOfStream, .reset: disconnected(connection)
        }
    }

    /// Whole messages are read where they are; only the beginning of one is kept.
    private func take(
        _ fresh: UnsafeRawBufferPointer, _ connection: StressConnection
    ) throws(SystemCallError) {
        let now = MonotonicClock.now
        if connection.rest.isEmpty {
            let used = try hear(fresh, connection, now)
            guard used < fresh.count else { return }
            connection.rest.append(UnsafeRawBufferPointer(rebasing: fresh[used...]))
        } else {
            connection.rest.append(fresh)
            let used = try connection.rest.withBytes { (span) throws(SystemCallError) -> Int in
                let result = span.withUnsafeBytes { bytes in
                    Result { () throws(SystemCallError) in try hear(bytes, connection, now) }
                }
                return try result.get()
            }
            connection.rest.dropFirst(used)
        }
        if connection.rest.count > Self.longestMessage { giveUp(connection) }
    }

    private func giveUp(_ connection: StressConnection) {
        let beginning = connection.rest.takeFirst(200)
        findings.add(
            StressFinding(kind: .corrupted, sender: connection.client, came: beginning))
        disconnected(connection)
    }

    /// How many bytes were used up.
    private func hear(
        _ bytes: UnsafeRawBufferPointer, _ connection: StressConnection, _ now: Int64
    ) throws(SystemCallError) -> Int {
        var start = 0
        while let found = connection.scanner.next(in: bytes, from: start) {
            start = found.end
            let message = UnsafeRawBufferPointer(rebasing: bytes[found.content])
            switch phase {
            case .entering: try heardEntering(message, connection)
            case .talking, .probing: try heard(message, connection, now)
            case .over, .failed: return start
            }
        }
        return start
    }

    private func heard(
        _ message: UnsafeRawBufferPointer, _ connection: StressConnection, _ now: Int64
    ) throws(SystemCallError) {
        lastArrival = now
        switch dialect.read(message) {
        case .said(let name, let said):
            heard(said, by: name, connection.client, now)
            if connection.isCallback { try confirmReceipt(on: connection) }
        case .confirmed:
            confirmed(connection.client, now)
        case .refused:
            findings.add(
                StressFinding(
                    kind: .refused, sender: connection.client, came: Array(message.prefix(200))))
            confirmed(connection.client, now)
        case .other:
            guard case .probing = phase, !connection.hasAnsweredProbe,
                dialect.isAnswerToProbe(message, of: connection.client)
            else { return }
            connection.hasAnsweredProbe = true
            lastProgress = now
        }
    }

    private func confirmed(_ client: Int, _ now: Int64) {
        guard windows.confirm(client) else { return }
        lastProgress = now
        mark(client)
    }

    private func confirmReceipt(on connection: StressConnection) throws(SystemCallError) {
        guard options.plan != nil else { return try send(CallbackStress.receipt, on: connection) }
        let receipt = CallbackStress.receipt
        connection.writer.append(
            MessageToCut(bytes: receipt, contentLength: receipt.count - 1))
        // A receipt that waited for another one would wait for ever.
        connection.writer.release()
        if case .connection(let index) = owners[connection.token.index] { try pump(index) }
    }

    private func heard(
        _ said: UnsafeRawBufferPointer, by name: UnsafeRawBufferPointer, _ receiver: Int,
        _ now: Int64
    ) {
        guard let head = text.head(of: said), head.sender < options.connections,
            head.sequence < windows.sent[head.sender],
            ByteScanning.areEqual(name, names.names[head.sender])
        else { return heardStrange(said, by: name, receiver, now) }
        if !text.isIntact(said, head.sequence, of: head.sender) {
            found(.corrupted, head.sequence, of: head.sender, at: receiver, came: said)
        }
        arrived(head.sequence, of: head.sender, at: receiver, now)
    }

    /// A text that none of us has said; from one of us it counts for the one that is due.
    private func heardStrange(
        _ said: UnsafeRawBufferPointer, by name: UnsafeRawBufferPointer, _ receiver: Int,
        _ now: Int64
    ) {
        guard let sender = names.number(of: name) else {
            foreign += 1
            return
        }
        let due = ledger.due(at: receiver, from: sender)
        found(.corrupted, due, of: sender, at: receiver, came: said)
        if due < windows.sent[sender] { arrived(due, of: sender, at: receiver, now) }
    }

    private func arrived(_ sequence: Int, of sender: Int, at receiver: Int, _ now: Int64) {
        switch ledger.arrive(at: receiver, from: sender, sequence) {
        case .fresh(let first):
            lastProgress = now
            compareOrder(of: sequence, of: sender, at: receiver)
            if let departure = windows.departure(sender, sequence) { latency.add(now - departure) }
            var passed = first
            while passed <= sequence {
                windows.receive(sender, passed)
                passed = groups.next(after: passed, from: sender)
            }
            mark(sender)
        case .late:
            lastProgress = now
            found(.reordered, sequence, of: sender, at: receiver)
        case .duplicate: found(.duplicated, sequence, of: sender, at: receiver)
        case .astray: found(.astray, sequence, of: sender, at: receiver)
        }
    }

    /// Where all are to hear everything in one order, whether this receiver does.
    private func compareOrder(of sequence: Int, of sender: Int, at receiver: Int) {
        guard dialect.hasOneOrder,
            let other = order.hear(sequence, of: sender, at: receiver)
        else { return }
        findings.add(
            StressFinding(
                kind: .disagreed, sender: sender, sequence: sequence, receiver: receiver,
                behind: other))
    }

    private func found(
        _ kind: StressFinding.Kind, _ sequence: Int, of sender: Int, at receiver: Int,
        came: UnsafeRawBufferPointer? = nil
    ) {
        findings.add(
            StressFinding(
                kind: kind, sender: sender, sequence: sequence, receiver: receiver,
                came: came.map { Array($0.prefix(200)) }))
    }
}
