// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite struct BufferTests {
    @Test func anEmptyBufferHoldsNoMemory() throws {
        let pair = try Connected()
        var buffer = ReceiveBuffer()
        let nothing = try buffer.receive(from: pair.server)
        #expect(nothing == .wouldBlock)
        let idle = buffer.heldMemory
        #expect(idle == 0)
        buffer.append([1, 2, 3])
        buffer.dropFirst(3)
        let used = buffer.heldMemory
        #expect(used == 0)
    }

    @Test func bytesStayInOrderWhateverIsTakenBetween() {
        var buffer = ReceiveBuffer()
        var (sent, taken) = ([UInt8](), [UInt8]())
        for round in 0..<2000 {
            let piece = (0..<(round * 7 % 23)).map { UInt8(truncatingIfNeeded: $0 &+ round) }
            buffer.append(piece)
            sent += piece
            taken += buffer.takeFirst(min(buffer.count, round * 5 % 19))
        }
        taken += buffer.takeFirst(buffer.count)
        #expect(taken == sent)
    }

    @Test func whatCameInIsSeenAsASpan() throws {
        let pair = try Connected()
        _ = try pair.client.send(Array("abc".utf8))
        _ = try pair.server.waits(for: .readable, until: MonotonicClock.deadline(after: second))
        var buffer = ReceiveBuffer()
        let result = try buffer.receive(from: pair.server)
        #expect(result == .processed(3))
        let (count, last) = buffer.withBytes { ($0.count, $0[2]) }
        #expect(count == 3)
        #expect(last == UInt8(ascii: "c"))
    }

    @Test func memoryIsBoundedByWhatIsHeldNotByWhatPassed() {
        var buffer = ReceiveBuffer()
        buffer.append([0])
        for _ in 0..<10_000 {
            buffer.append([1, 2, 3])
            buffer.dropFirst(3)
        }
        let held = buffer.heldMemory
        #expect(held <= 1024)
    }

    @Test func aQueueSurvivesAReaderWhoStopsAndResumes() throws {
        let pair = try Connected(receiveBuffer: 4096)
        try pair.server.setSendBuffer(bytes: 4096)
        var queue = SendQueue()
        var expected: [UInt8] = []
        for number in 0..<100_000 { expected += withUnsafeBytes(of: number) { Array($0) } }
        queue.append(expected)
        let stuck = try queue.flush(to: pair.server)
        #expect(stuck == .pending)
        var received: [UInt8] = []
        while received.count < expected.count {
            received += try receiving(pair.client).1
            _ = try queue.flush(to: pair.server)
        }
        #expect(received == expected)
        let held = queue.heldMemory
        #expect(held == 0)
    }

    @Test func aSharedTextKeepsItsPlaceAndIsNotCopied() throws {
        let pair = try Connected(receiveBuffer: 4096)
        try pair.server.setSendBuffer(bytes: 4096)
        let text = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let pieces = [Array(text[..<1000]), Array(text[1000..<200_000]), Array(text[200_000...])]
        var queue = SendQueue()
        queue.append([1, 2])
        queue.append(sharing: pieces)
        queue.append([3])
        let held = queue.heldMemory
        #expect(held < 1024)
        queue.append(sharing: [[4], [], [5]])
        queue.append([6])
        let expected = [1, 2] + text + [3, 4, 5, 6]
        let count = queue.count
        #expect(count == expected.count)
        var received: [UInt8] = []
        while received.count < expected.count {
            _ = try queue.flush(to: pair.server)
            received += try receiving(pair.client).1
        }
        #expect(received == expected)
        let isEmpty = queue.isEmpty
        #expect(isEmpty)
        queue.append(sharing: pieces)
        queue.removeAll()
        let left = queue.count
        #expect(left == 0)
    }

    @Test func noMoreIsHandedOverThanWasAllowed() throws {
        let pair = try Connected()
        var queue = SendQueue()
        queue.append([UInt8](repeating: 1, count: 3000))
        queue.append(sharing: Array(repeating: [UInt8](repeating: 2, count: 1000), count: 4))
        queue.append([UInt8](repeating: 3, count: 3000))
        var received: [UInt8] = []
        var lengths: [Int] = []
        while !queue.isEmpty {
            let before = queue.count
            let result = try queue.flush(to: pair.server, most: 2500)
            let after = queue.count
            lengths.append(before - after)
            #expect(result == (after == 0 ? .drained : .pending))
        }
        #expect(lengths == [2500, 2500, 2500, 2500])
        while received.count < 10_000 { received += try receiving(pair.client).1 }
        let parts = [(1, 3000), (2, 4000), (3, 3000)].flatMap { part in
            [UInt8](repeating: UInt8(part.0), count: part.1)
        }
        #expect(received == parts)
    }

    @Test func aSocketTakesNoMoreAheadThanItWasToldTo() throws {
        let pair = try Connected(receiveBuffer: 4096)
        try pair.server.setUnsentLimit(bytes: 65_536)
        var queue = SendQueue()
        queue.append([UInt8](repeating: 1, count: 8 << 20))
        let stuck = try queue.flush(to: pair.server)
        #expect(stuck == .pending)
        let taken = (8 << 20) - queue.count
        #expect(taken > 0)
        #expect(taken < 512 << 10)
        try pair.server.setUnsentLimit(bytes: 0)
        _ = try queue.flush(to: pair.server)
        let more = (8 << 20) - queue.count
        #expect(more > taken)
    }

    @Test func flushingToAResetConnectionIsAReset() throws {
        let pair = try Connected()
        pair.client.abort()
        #expect(try receiving(pair.server).0 == .reset)
        var queue = SendQueue()
        queue.append([1])
        let result = try queue.flush(to: pair.server)
        #expect(result == .reset)
    }
}

@Suite struct BoundedLogTests {
    @Test(
        "the log keeps the first and the last bytes, however they were cut",
        arguments: [1, 2, 3, 5, 7, 64, 1000]
    )
    func keepsBothEnds(cut: Int) {
        let all = (0..<100).map { UInt8($0) }
        var log = BoundedLog(limit: 8)
        for start in stride(from: 0, to: all.count, by: cut) {
            log.append(all[start..<min(start + cut, all.count)])
        }
        #expect(log.head == Array(0..<8))
        #expect(log.tail == Array(92..<100))
        #expect(log.dropped == 84)
        #expect(log.total == 100)
    }

    @Test(
        "what fits is kept whole",
        arguments: [0, 1, 7, 8, 9, 15, 16]
    )
    func keepsAll(count: Int) {
        var log = BoundedLog(limit: 8)
        let bytes = (0..<count).map { UInt8($0) }
        log.append(bytes)
        #expect(log.head + log.tail == bytes)
        #expect(log.dropped == 0)
    }
}
