// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix
import Testing

@testable import SplitClient

@Suite("splitclient pipe", .serialized, .timeLimit(.minutes(15)))
struct PipeTests {
    /// A frame of 200 bytes of which no two neighbours are alike.
    private let frame = (0..<200).map { UInt8($0) }

    @Test("bytes: each byte is a recv of its own, and every cut is proven")
    func bytes() throws {
        let server = try RecordingServer.echoing()
        let call = try PipeCall(server, ["--cut", "bytes"], input: frame)
        #expect(server.received() == frame.map { [$0] })
        #expect(call.status == .success)
        #expect(call.output == frame)
        #expect(call.errorText.contains("sent 200 bytes in 200 segments, received 200 bytes"))
        #expect(call.errorText.contains("199 cuts planned, 199 proven\n"))
    }

    @Test("forty thousand bytes are as many recv calls: what is called proven is true")
    func proofsHold() throws {
        let input = [UInt8](repeating: 0x78, count: 40_000)
        let server = try RecordingServer { server, socket in
            while server.receive(socket) != nil {}
        }
        let call = try PipeCall(server, ["--cut", "bytes"], input: input)
        #expect(server.received().count == input.count)
        #expect(call.errorText.contains("39999 cuts planned, 39999 proven\n"))
    }

    @Test("every:N: pieces of N bytes and a rest, in each message")
    func every() throws {
        let server = try RecordingServer.echoing()
        let words = ["--cut", "every:70", "--framing", "fixed:200"]
        let call = try PipeCall(server, words, input: frame + frame)
        #expect(server.received().map(\.count) == [70, 70, 60, 70, 70, 60])
        #expect(call.output == frame + frame)
        #expect(call.errorText.contains("4 cuts planned, 4 proven\n"))
    }

    @Test("at: the same offsets in each line")
    func at() throws {
        let server = try RecordingServer.echoing()
        let text = Array("one\nseven\nx".utf8)
        let call = try PipeCall(server, ["--cut", "at:1,-1", "--framing", "line"], input: text)
        let pieces = server.received().map { String(decoding: $0, as: UTF8.self) }
        #expect(pieces == ["o", "ne", "\n", "s", "even", "\n", "x"])
        #expect(call.output == text)
        #expect(call.status == .success)
    }

    @Test("at with 199 offsets: two hundred parts")
    func everyOffset() throws {
        let server = try RecordingServer.echoing()
        let plan = "at:" + (1...199).map(String.init).joined(separator: ",")
        let call = try PipeCall(server, ["--cut", plan, "--framing", "fixed:200"], input: frame)
        #expect(server.received() == frame.map { [$0] })
        #expect(call.errorText.contains("199 cuts planned, 199 proven\n"))
    }

    @Test("each of the 199 cuts of a frame in two arrives as a cut")
    func pairs() throws {
        for offset in 1...199 {
            let server = try RecordingServer.echoing()
            let words = ["--cut", "at:\(offset)", "--framing", "fixed:200"]
            let call = try PipeCall(server, words, input: frame)
            #expect(server.received().map(\.count) == [offset, 200 - offset])
            #expect(call.status == .success)
        }
    }

    @Test("random: the same seed cuts in the same places, another one elsewhere")
    func random() throws {
        func sizes(_ seed: Int) throws -> [Int] {
            let server = try RecordingServer.echoing()
            let words = ["--cut", "random:\(seed):1-20", "--framing", "fixed:200"]
            #expect(try PipeCall(server, words, input: frame + frame).status == .success)
            return server.received().map(\.count)
        }
        let first = try sizes(7)
        #expect(first.reduce(0, +) == 400)
        #expect(try sizes(7) == first)
        #expect(try sizes(8) != first)
    }

    @Test("coalesce joins messages, and sends what is left at the end")
    func coalesce() throws {
        let server = try RecordingServer.echoing()
        let words = ["--cut", "coalesce:2", "--framing", "line"]
        let call = try PipeCall(server, words, input: Array("a\nb\nc\nd\ne\n".utf8))
        let pieces = server.received().map { String(decoding: $0, as: UTF8.self) }
        #expect(pieces == ["a\nb\n", "c\nd\n", "e\n"])
        #expect(call.errorText.contains("0 cuts planned, 0 proven\n"))
    }

    @Test("straddle: a message and half of the next, then the rest")
    func straddle() throws {
        let server = try RecordingServer.echoing()
        let words = ["--cut", "straddle", "--framing", "fixed:200"]
        let call = try PipeCall(server, words, input: frame + frame + frame)
        #expect(server.received().map(\.count) == [300, 100, 200])
        #expect(call.errorText.contains("1 cut planned, 1 proven\n"))
    }

    @Test("a megabyte goes through unharmed in thousands of segments")
    func megabyte() throws {
        let input = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let server = try RecordingServer.echoing()
        let began = MonotonicClock.now
        let call = try PipeCall(server, ["--cut", "random:1:1-1000"], input: input)
        #expect(MonotonicClock.now - began < 60_000_000_000)
        let received = server.received()
        #expect(received.flatMap(\.self) == input)
        #expect(received.allSatisfy { $0.count <= 1000 })
        #expect(received.count > 1500)
        #expect(call.output == input)
        #expect(call.status == .success)
    }

    @Test("a pace that is a time proves nothing, and says so")
    func paced() throws {
        let server = try RecordingServer.echoing()
        let words = ["--cut", "every:50", "--pace", "1ms", "--framing", "fixed:200"]
        let call = try PipeCall(server, words, input: frame)
        #expect(server.received().flatMap(\.self) == frame)
        #expect(
            call.errorText.contains("3 cuts planned, 0 proven (after a pause of 1ms the next "))
    }

    @Test("no input: nothing is sent, what the server says is printed")
    func noInput() throws {
        let server = try RecordingServer { server, socket in
            try server.send(Array("hello\n".utf8), socket)
            _ = server.receive(socket)
        }
        let call = try PipeCall(server, ["--cut", "bytes"], input: [])
        #expect(call.status == .success)
        #expect(call.output == Array("hello\n".utf8))
        #expect(server.received().isEmpty)
    }
}
