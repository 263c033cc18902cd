// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("Where messages end on the wire")
struct MessageScannerTests {
    /// The messages that come out when the bytes come in pieces of one size.
    private func messages(
        _ borders: MessageBorders, _ text: String, inPiecesOf size: Int
    ) -> [String] {
        var scanner = MessageScanner(borders)
        var held: [UInt8] = []
        var found: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            held += bytes[start..<min(start + size, bytes.count)]
            var used = 0
            while let next = held.withUnsafeBytes({ scanner.next(in: $0, from: used) }) {
                found.append(String(decoding: held[next.content], as: UTF8.self))
                used = next.end
            }
            held.removeFirst(used)
        }
        return found
    }

    @Test("lines are the same however they come", arguments: 1...12)
    func lines(size: Int) {
        let found = messages(.line, "one\n\ntwo words\nrest", inPiecesOf: size)
        #expect(found == ["one", "", "two words"])
    }

    @Test("frames are the same however they come", arguments: 1...12)
    func frames(size: Int) {
        #expect(messages(.fixed(4), "a   bb  ccccd", inPiecesOf: size) == ["a   ", "bb  ", "cccc"])
    }

    @Test("JSON values are the same however they come", arguments: 1...30)
    func json(size: Int) {
        let text = #"{"a":"}\"{"}{"b":[{"c":1}]} "# + "\n [1,\"]\"]{"
        let found = messages(.json, text, inPiecesOf: size)
        let trimmed = found.map { $0.drop { $0 == " " || $0 == "\n" } }
        #expect(trimmed == [#"{"a":"}\"{"}"#, #"{"b":[{"c":1}]}"#, "[1,\"]\"]"])
    }

    @Test("what is no JSON comes out as something to refuse")
    func nonsense() {
        let found = messages(.json, "oops\n{\"a\":1}", inPiecesOf: 3)
        #expect(found == ["oops", "\n{\"a\":1}"])
    }

    @Test("bytes are found and compared at every offset of a block", arguments: 0...41)
    func scanning(offset: Int) {
        var bytes = [UInt8](repeating: 0x8A, count: 42)
        bytes[offset] = 0x0A
        bytes.withUnsafeBytes { all in
            #expect(ByteScanning.firstIndex(of: 0x0A, in: all, from: 0) == offset)
            #expect(ByteScanning.firstIndex(of: 0x0A, in: all, from: offset + 1) == nil)
            for count in offset + 1...42 {
                let part = UnsafeRawBufferPointer(rebasing: all[..<count])
                #expect(ByteScanning.firstIndex(of: 0x0A, in: part, from: 0) == offset)
                #expect(!ByteScanning.areEqual(part, [UInt8](repeating: 0x8A, count: count)))
                #expect(ByteScanning.areEqual(part, Array(bytes[..<count])))
                #expect(!ByteScanning.areEqual(part, Array(bytes[..<(count - 1)])))
            }
            #expect(ByteScanning.count(of: all, withoutLast: 0x8A) == offset + 1)
        }
    }

    @Test("where a plain text ends is found, whatever ends it", arguments: 0...41)
    func plain(offset: Int) {
        for end in [UInt8(ascii: "\""), UInt8(ascii: "\\")] {
            var bytes = [UInt8](repeating: 0x23, count: 42)
            bytes[offset] = end
            bytes.withUnsafeBytes { all in
                #expect(ByteScanning.endOfPlain(in: all, from: 0) == offset)
                #expect(ByteScanning.endOfPlain(in: all, from: offset + 1) == 42)
            }
        }
    }

    @Test("nothing is left of what is all padding")
    func padding() {
        for count in 0...40 {
            [UInt8](repeating: 0x20, count: count).withUnsafeBytes {
                #expect(ByteScanning.count(of: $0, withoutLast: 0x20) == 0)
            }
        }
    }

    @Test("so many digits are a number, and nothing else is", arguments: 1...8)
    func numbers(count: Int) {
        let bytes = Array("/12345678:".utf8)
        bytes.withUnsafeBytes { bytes in
            let number = ByteScanning.number(in: bytes, at: 1, digits: count)
            #expect(number == Int("12345678".prefix(count)))
            #expect(ByteScanning.number(in: bytes, at: 0, digits: count) == nil)
            let isWhole = ByteScanning.number(in: bytes, at: 2, digits: count) != nil
            #expect(isWhole == (count < 8))
        }
    }
}
