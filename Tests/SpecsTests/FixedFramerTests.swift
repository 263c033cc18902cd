// SPDX-License-Identifier: Apache-2.0

import Specs
import Testing

@Suite("Frames of one width")
struct FixedFramerTests {
    let framing = Framing.fixed(width: 20, padding: UInt8(ascii: " "))

    private func frame(_ text: String) -> [UInt8] {
        (try? framing.frame(Array(text.utf8)).bytes) ?? []
    }

    private func read(_ chunks: [[UInt8]], settles: Bool = false) -> [FramedMessage] {
        var framer = framing.framer()
        var messages: [FramedMessage] = []
        for chunk in chunks {
            framer.append(chunk)
            while let message = framer.next() { messages.append(message) }
        }
        while settles, let message = framer.settle() { messages.append(message) }
        return messages
    }

    private func texts(_ messages: [FramedMessage]) -> [String] {
        messages.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    @Test("two frames are the same wherever the stream is cut")
    func everyCut() {
        let stream = frame("one") + frame("two  words")
        for cut in 0...stream.count {
            let messages = read([Array(stream[..<cut]), Array(stream[cut...])])
            #expect(texts(messages) == ["one", "two  words"], "cut at \(cut)")
            #expect(messages.allSatisfy { $0.deviations.isEmpty })
        }
        #expect(texts(read(stream.map { [$0] })) == ["one", "two  words"])
    }

    @Test("a message knows its whole frame and where it began")
    func offsets() {
        let messages = read([frame("one") + frame("two")])
        #expect(messages.map(\.streamOffset) == [0, 20])
        #expect(messages.map(\.bytes.count) == [20, 20])
    }

    @Test("a content that no frame holds is refused with both lengths")
    func tooLong() {
        #expect(throws: FramingError.self) { try framing.frame(Array(repeating: 0x78, count: 21)) }
    }

    @Test("other padding than spaces is taken off and noted", arguments: [0x00, 0x09] as [UInt8])
    func otherPadding(byte: UInt8) {
        let messages = read([Array("hi".utf8) + Array(repeating: byte, count: 18)])
        #expect(texts(messages) == ["hi"])
        #expect(messages.first?.deviations == [.otherPadding])
    }

    @Test("a line break behind the text is taken off and noted")
    func newlineInPadding() {
        let messages = read([frame("hi\n")])
        #expect(texts(messages) == ["hi"])
        #expect(messages.first?.deviations == [.newlineInPadding])
    }

    @Test("a short frame is taken when the stream is silent, and its width is then expected")
    func shortFrames() {
        var framer = framing.framer()
        framer.append(Array(frame("one").dropLast()))
        #expect(framer.next() == nil)
        #expect(framer.settle()?.deviations == [.shortFrame])
        framer.append(Array(frame("two").dropLast()) + Array(frame("three").dropLast()))
        #expect(framer.next()?.payload == Array("two".utf8))
        #expect(framer.next()?.payload == Array("three".utf8))
        #expect(framer.expectsShortFrames)
    }

    @Test("a text without padding is taken when the stream is silent")
    func unpadded() {
        let messages = read([Array("hello".utf8)], settles: true)
        #expect(texts(messages) == ["hello"])
        #expect(messages.first?.deviations == [.shortFrame])
    }

    @Test("padding beyond the width is passed over and noted at the next frame")
    func surplusPadding() {
        let messages = read([frame("one") + Array("     ".utf8) + frame("two")])
        #expect(texts(messages) == ["one", "two"])
        #expect(messages.last?.deviations == [.surplusPadding])
    }

    @Test("a width counted in characters is recognised")
    func characters() {
        let wide = Array("äöü".utf8)
        let byCharacters = wide + Array(repeating: 0x20, count: 17)
        let messages = read([byCharacters + frame("next")])
        #expect(texts(messages) == ["äöü", "next"])
        #expect(messages.last?.deviations == [.countedInCharacters])
    }

    @Test("a line break between frames is passed over and noted")
    func newlineAfterFrame() {
        let messages = read([frame("one") + [0x0A], frame("two") + [0x0A], frame("three")])
        #expect(texts(messages) == ["one", "two", "three"])
        #expect(messages.map(\.deviations) == [[], [.newlineAfterFrame], [.newlineAfterFrame]])
    }

    @Test("a frame that begins with a line break is a frame, known when the next comes or nothing")
    func leadingNewline() {
        #expect(
            texts(read([frame("one"), frame("\ntwo") + frame("three")])) == [
                "one", "\ntwo", "three",
            ])
        let last = read([frame("one"), frame("\ntwo")], settles: true)
        #expect(texts(last) == ["one", "\ntwo"])
        #expect(last.allSatisfy { $0.deviations.isEmpty })
    }

    @Test("what the runner sends is read strictly: leading spaces are content")
    func strict() {
        var framer = framing.strictFramer
        framer.append(frame("one") + frame("     five") + frame("\nx"))
        #expect(framer.next()?.payload == Array("one".utf8))
        #expect(framer.next()?.payload == Array("     five".utf8))
        #expect(framer.next()?.payload == Array("\nx".utf8))
        #expect(framer.pending.isEmpty)
    }

    @Test("a blank frame between others is a message of its own")
    func blankFrame() {
        #expect(texts(read([frame("a") + frame("") + frame("b")])) == ["a", "", "b"])
    }
}
