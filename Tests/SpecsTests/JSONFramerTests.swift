// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs
import TestSupport
import Testing

@Suite("JSON values on a stream")
struct JSONFramerTests {
    let framing = Framing.json(JSONLimits(maximumDepth: 8, maximumBytes: 1000))

    private func read(
        _ chunks: [[UInt8]], ends: Bool = false
    ) -> (texts: [String], framer: any MessageFramer) {
        var framer = framing.framer()
        var texts: [String] = []
        for chunk in chunks {
            framer.append(chunk)
            while let message = framer.next() { texts.append(Self.text(message)) }
        }
        while ends, let message = framer.finish() { texts.append(Self.text(message)) }
        return (texts, framer)
    }

    private static func text(_ message: FramedMessage) -> String {
        String(decoding: message.payload, as: UTF8.self)
    }

    @Test("values are the same wherever the stream is cut")
    func everyCut() {
        let values = [#"{"a":"}{\"\\","é":[1,null]}"#, #"["😀\ud83d\ude00"]"#, "{}", #""text""#]
        let stream = Array(values.joined().utf8) + Array(" \r\n\t{}".utf8)
        for cut in 0...stream.count {
            let found = read([Array(stream[..<cut]), Array(stream[cut...])]).texts
            #expect(found == values + ["{}"], "cut at \(cut)")
        }
        #expect(read(stream.map { [$0] }).texts == values + ["{}"])
    }

    @Test("a message knows where it begins, and its value")
    func offsets() {
        var framer = framing.framer()
        framer.append(Array("  {} \n[7]".utf8))
        #expect(framer.next()?.streamOffset == 2)
        let second = framer.next()
        #expect(second?.streamOffset == 6)
        #expect(second?.json?.value.elements?.first?.value.int == 7)
        #expect(framer.next() == nil)
        #expect(framer.pending.isEmpty)
    }

    @Test("a value that has begun is pending, and silence does not end it")
    func unfinished() {
        var (texts, framer) = read([Array(#"{} {"a":"#.utf8)])
        #expect(texts == ["{}"])
        #expect(Array(framer.pending) == Array(#"{"a":"#.utf8))
        #expect(!framer.canSettle)
        #expect(framer.settle() == nil)
        framer.append(Array("1}".utf8))
        #expect(framer.next().map(Self.text) == #"{"a":1}"#)
    }

    @Test("what is unfinished when the stream ends is a message that stops short")
    func endsInside() {
        var (_, framer) = read([Array(#"{"a":"#.utf8)])
        let message = framer.finish()
        #expect(message?.deviations == [.shortFrame])
        #expect(message?.json == nil)
        #expect(framer.finish() == nil)
    }

    @Test("a number ends with the byte after it, or with silence")
    func numbers() {
        var (texts, framer) = read([Array("42\n-7".utf8)])
        #expect(texts == ["42"])
        #expect(framer.canSettle)
        #expect(framer.settle()?.json?.value.int == -7)
        #expect(framer.settle() == nil)
    }

    @Test("text that is not JSON is a message up to the end of its line, wherever it is cut")
    func notJSON() {
        let stream = Array("{'a': None}\n{\"b\":1}oops\n[]".utf8)
        for cut in 0...stream.count {
            let found = read([Array(stream[..<cut]), Array(stream[cut...])]).texts
            #expect(found == ["{'a': None}", #"{"b":1}"#, "oops", "[]"], "cut at \(cut)")
        }
    }

    @Test("text that is not JSON and has no end of line is taken when the stream is silent")
    func notJSONWithoutLine() {
        var (texts, framer) = read([Array("{} hello".utf8)])
        #expect(texts == ["{}"])
        #expect(framer.canSettle)
        #expect(framer.settle()?.deviations == [.notJSON])
        framer.append(Array("{}".utf8))
        #expect(framer.next()?.deviations == [])
    }

    @Test("NUL bytes between values are passed over and noted")
    func nulBytes() {
        var framer = framing.framer()
        framer.append(Array("{}\0\0 {}".utf8))
        #expect(framer.next()?.deviations == [])
        #expect(framer.next()?.deviations == [.nulBetweenMessages])
    }

    @Test("a value that is too deep or too long is no value, and the next line is")
    func bounds() {
        let deep = String(repeating: "[", count: 9) + "\n{}"
        #expect(read([Array(deep.utf8)]).texts == [String(repeating: "[", count: 9), "{}"])
        let long = "\"" + String(repeating: "x", count: 1000) + "\"\n{}"
        #expect(read([Array(long.utf8)]).texts.last == "{}")
    }

    @Test(
        "what the runner itself sends is read strictly: after malformed JSON nothing has a border")
    func strict() {
        var framer = framing.strictFramer
        framer.append(Array("{} }\n{}\n".utf8))
        #expect(framer.next() != nil)
        #expect(framer.next() == nil)
        #expect(framer.settle() == nil)
        #expect(!framer.pending.isEmpty)
    }

    @Test("bytes in single steps cost linear time")
    func linear() {
        func time(_ count: Int) -> Int64 {
            ProcessorTime.least {
                var framer = Framing.json(JSONLimits(maximumBytes: 2 << 20)).framer()
                for byte in [0x5B, 0x22] + Array(repeating: UInt8(0x78), count: count) {
                    framer.append([byte])
                    #expect(framer.next() == nil)
                }
            }
        }
        let short = time(10_000)
        // Eight times the bytes; a quadratic cost would be 64 times as much.
        #expect(time(80_000) < short * 30)
    }
}
