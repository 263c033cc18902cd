// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite("Standard error that nobody may read")
struct ErrorOutputTests {
    private func read(_ descriptor: Int32) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = buffer.withUnsafeMutableBytes {
            Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        return Array(buffer.prefix(max(0, count)))
    }

    @Test("a full pipe is not waited for; what is lost is counted, and said when there is room")
    func fullPipe() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let output = ErrorOutput(descriptor: ends[1], limit: 10_000) { "\($0) lost\n" }
        let line = String(repeating: "x", count: 99) + "\n"
        for _ in 0..<2000 { output.write(line) }
        #expect(output.isWaiting)
        let inPipe = read(ends[0])
        output.writeWaiting()
        #expect(!output.isWaiting)
        output.write("last\n")
        let text = String(decoding: inPipe + read(ends[0]), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count(where: { $0.count == 99 }) + (lost(lines) ?? 0) == 2000)
        #expect(lines.suffix(1) == ["last"])
    }

    @Test("what can wait is written in its order with what cannot, before there is much of it")
    func later() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { try #require(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        defer { for end in ends { close(end) } }
        let output = ErrorOutput(descriptor: ends[1], limit: 10_000) { "\($0) lost\n" }
        output.writeLater("first\n")
        #expect(read(ends[0]).isEmpty)
        output.write("second\n")
        #expect(String(decoding: read(ends[0]), as: UTF8.self) == "first\nsecond\n")
        output.writeLater("third\n")
        output.writeWaiting()
        #expect(String(decoding: read(ends[0]), as: UTF8.self) == "third\n")
        let line = String(repeating: "x", count: 99) + "\n"
        for _ in 0..<500 { output.writeLater(line) }
        let written = read(ends[0]).count
        output.writeWaiting()
        #expect(written > 40_000)
        #expect(written + read(ends[0]).count == 50_000)
    }

    private func lost(_ lines: [Substring]) -> Int? {
        lines.first { $0.hasSuffix(" lost") }.flatMap { Int($0.dropLast(5)) }
    }

    @Test("what nobody can read any more is thrown away")
    func closed() throws {
        // The signal of a broken pipe would end the tests.
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let output = ErrorOutput(descriptor: ends[1], limit: 10_000) { "\($0) lost\n" }
        for _ in 0..<1000 { output.write("line\n") }
        #expect(!output.isWaiting)
    }
}
