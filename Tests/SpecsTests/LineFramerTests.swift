// SPDX-License-Identifier: Apache-2.0

import Specs
import Testing

@Suite("Lines")
struct LineFramerTests {
    let framing = Framing.line(terminator: [0x0A])

    @Test("lines are the same wherever the stream is cut")
    func everyCut() {
        let stream = Array("one\n\ntwo words\n".utf8)
        for cut in 0...stream.count {
            var framer = framing.framer()
            var texts: [String] = []
            for chunk in [stream[..<cut], stream[cut...]] {
                framer.append(Array(chunk))
                while let message = framer.next() {
                    texts.append(String(decoding: message.payload, as: UTF8.self))
                }
            }
            #expect(texts == ["one", "", "two words"], "cut at \(cut)")
        }
    }

    @Test("a terminator of two bytes is found across a cut")
    func longTerminator() {
        var framer = Framing.line(terminator: [0x0D, 0x0A]).framer()
        framer.append(Array("one\r".utf8))
        #expect(framer.next() == nil)
        framer.append([0x0A])
        #expect(framer.next()?.payload == Array("one".utf8))
    }

    @Test("in what the runner itself sends, a carriage return is content")
    func strict() {
        var framer = framing.strictFramer
        framer.append(Array("one\r\n".utf8))
        let message = framer.next()
        #expect(message?.payload == Array("one\r".utf8))
        #expect(message?.deviations == [])
    }

    @Test("a carriage return is taken off and noted")
    func carriageReturn() {
        var framer = framing.framer()
        framer.append(Array("one\r\n".utf8))
        #expect(framer.next()?.deviations == [.carriageReturn])
    }

    @Test("a line without its end is taken when the stream is silent")
    func unterminated() {
        var framer = framing.framer()
        framer.append(Array("one".utf8))
        #expect(framer.next() == nil)
        #expect(framer.settle()?.deviations == [.shortFrame])
        #expect(framer.settle() == nil)
    }
}
