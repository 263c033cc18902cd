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
        case .endOfStream:
            noteUnfinished(connection)
            disconnected(connection)
        case .reset: disconnected(connection)
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

    /// A message that has begun and does not end before the connection does.
    private func noteUnfinished(_ connection: StressConnection) {
        guard isParting, !connection.hasEnded else { return }
        let beginning = connection.rest.takeFirst(min(200, connection.rest.count))
        let isBlank = dialect.borders == .json && beginning.allSatisfy(JSONSpace.contains)
        guard !isBlank, !beginning.isEmpty else { return }
        beginning.withUnsafeBytes { talk.unasked($0, connection.client) }
    }

    private func giveUp(_ connection: StressConnection) {
        let beginning = connection.rest.takeFirst(200)
        talk.findings.add(
            StressFinding(kind: .corrupted, sender: connection.client, came: beginning))
        disconnected(connection)
    }

    /// How many bytes were used up.
    private func hear(
        _ bytes: UnsafeRawBufferPointer, _ connection: StressConnection, _ now: Int64
    ) throws(SystemCallError) -> Int {
        var start = 0
        while start < bytes.count {
            switch phase {
            case .entering:
                guard let found = connection.scanner.next(in: bytes, from: start) else {
                    return start
                }
                start = found.end
                try heardEntering(
                    UnsafeRawBufferPointer(rebasing: bytes[found.content]), connection)
            case .talking, .probing, .settling, .parting:
                return try hearTalk(bytes, from: start, connection, now)
            case .over, .failed: return start
            }
        }
        return start
    }

    /// Everything whole that is there, and then what is owed for it; up to where it reaches.
    private func hearTalk(
        _ bytes: UnsafeRawBufferPointer, from start: Int, _ connection: StressConnection,
        _ now: Int64
    ) throws(SystemCallError) -> Int {
        var ears = StressEars(
            scanner: connection.scanner, dialect: dialect, client: connection.client,
            isCallback: connection.isCallback, isParting: isParting,
            awaitsProbe: phase != .talking && !connection.hasAnsweredProbe)
        let end = ears.hear(bytes, from: start, &talk, now)
        connection.scanner = ears.scanner
        if ears.hasHeardProbe { connection.hasAnsweredProbe = true }
        if connection.isCallback {
            for _ in 0..<ears.texts { try confirmReceipt(on: connection) }
        }
        return end
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
}
