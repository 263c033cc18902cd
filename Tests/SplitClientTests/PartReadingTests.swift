// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Foundation
import Posix
import Specs
import Testing

@testable import SplitClient

@Suite("Receivers that leave parts of messages unread", .timeLimit(.minutes(15)))
struct PartReadingTests {
    private let line = Framing.line(terminator: [0x0A])

    @Test("who reads whole messages only gets them all, and no cut is called proven")
    func wholeMessages() throws {
        let input = (0..<800).map { UInt8($0 % 200) }
        let server = try RecordingServer { server, socket in
            var got = 0
            while got < input.count {
                while try socket.unreadBytes() < 200 { Thread.sleep(forTimeInterval: 0.001) }
                got += server.receive(socket)?.count ?? 0
            }
            while server.receive(socket) != nil {}
        }
        let words = ["--cut", "every:70", "--framing", "fixed:200"]
        let call = try PipeCall(server, words, input: input)
        #expect(Array(server.received().joined()) == input)
        #expect(call.status == .success)
        #expect(
            call.errorText.contains(
                "8 cuts planned, 0 proven (8 segments lay unread until the next one left"))
    }

    @Test("who has read a part is waited for longer, who has left three no more")
    func patience() {
        let reading = PartReading()
        for _ in 1...3 {
            #expect(reading.patience >= 100_000_000)
            reading.noteLeft()
        }
        #expect(reading.patience <= 1_000_000)
        reading.noteTaken()
        #expect(reading.patience >= 1_000_000_000)
    }

    private func parts(
        _ queue: SegmentQueue, _ blocks: [String], flush: Bool = false
    ) -> [Int] {
        var queue = queue
        var parts: [Int] = []
        for block in blocks {
            queue.append(Array(block.utf8)[...])
            if flush { queue.flush() }
            while let segment = queue.takeNext() { parts.append(segment.part) }
        }
        queue.end()
        while let segment = queue.takeNext() { parts.append(segment.part) }
        return parts
    }

    @Test("a segment's part is what its end has of a message that is not whole there")
    func segments() throws {
        let text = "alpha\nbeta\n"
        for isTimely in [false, true] {
            func cut(_ plan: String) throws -> [Int] {
                let plan = try CutPlan(parsing: plan)
                return parts(
                    SegmentQueue(plan: plan, framing: line, isTimely: isTimely), [text])
            }
            #expect(try cut("every:4") == [4, 0, 4, 0])
            #expect(try cut("straddle") == [2, 0])
            #expect(try cut("straddle:-1") == [4, 0])
            #expect(try cut("at:2,-1") == [2, 5, 0, 2, 4, 0])
        }
        let timely = SegmentQueue(plan: .coalesce(3), framing: line, isTimely: true)
        #expect(parts(timely, ["one\ntw", "o\n"], flush: true) == [2, 0])
    }

    @Test("where nothing says where messages end, all that has come may be a part")
    func withoutFraming() throws {
        let plan = CutPlan.at([1])
        #expect(parts(SegmentQueue(plan: plan, framing: nil), ["abc", "de"]) == [1, 0, 1, 0])
        let endless = SegmentQueue(endless: try #require(EarlyCuts(of: .bytes)))
        #expect(parts(endless, ["abc"]) == [.max, .max, .max])
    }

    @Test("what is read and not left is little, as nobody else knows of it")
    func appetite() throws {
        func writer(_ framing: Framing?) throws -> CutWriter {
            let server = try RecordingServer { server, socket in
                while server.receive(socket) != nil {}
            }
            let socket = try ServerConnection.connect(to: server.address)
            return CutWriter(
                socket, ours: try socket.localAddress(), theirs: server.address,
                SegmentQueue(plan: .bytes, framing: framing, isTimely: true), pace: .drained,
                watch: TakenWatch())
        }
        #expect(try writer(line).appetite <= 64)
        // There a block is a message, and more of them would be other cuts.
        #expect(try writer(nil).appetite == 2048)
    }
}
