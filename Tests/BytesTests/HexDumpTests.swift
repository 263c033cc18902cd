// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("HexDump")
struct HexDumpTests {
    @Test("a short dump has its bytes twice and its length at the end")
    func shortDump() {
        #expect(
            HexDump().render(Array("hello\r\n".utf8)) == """
                00000000  68 65 6c 6c 6f 0d 0a                              |hello..|
                00000007

                """
        )
    }

    @Test("no bytes are a length only")
    func empty() {
        #expect(HexDump().render([]) == "00000000\n")
    }

    @Test("the mark stands beneath its byte, in either half of a line")
    func marks() {
        let bytes = Array("0123456789abcdefXY".utf8)
        #expect(
            HexDump(markAt: 1).render(bytes) == """
                00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|
                             ^^ first difference
                00000010  58 59                                             |XY|
                00000012

                """
        )
        #expect(
            HexDump(markAt: 9, markWord: "cut").render(bytes) == """
                00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|
                                                      ^^ cut
                00000010  58 59                                             |XY|
                00000012

                """
        )
    }

    @Test("the mark can stand where a byte is missing, also at the end of a full line")
    func marksTheEnd() {
        #expect(
            HexDump(markAt: 2, markWord: "missing").render(Array("ab".utf8)) == """
                00000000  61 62                                             |ab|
                                ^^ missing
                00000002

                """
        )
        #expect(
            HexDump(markAt: 16, markWord: "missing").render(Array("0123456789abcdef".utf8)) == """
                00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|
                00000010
                          ^^ missing

                """
        )
    }

    @Test("repeated lines collapse, but not the one with the mark")
    func collapses() {
        let padding = [UInt8](repeating: 0x20, count: 96)
        let line = "20 20 20 20 20 20 20 20  20 20 20 20 20 20 20 20  |                |"
        #expect(
            HexDump(markAt: 48).render(padding) == """
                00000000  \(line)
                *
                00000030  \(line)
                          ^^ first difference
                *
                00000060

                """
        )
    }

    @Test("a bound shows whole lines around the mark and counts what it leaves out")
    func isBounded() {
        let bytes = (0..<160).map { UInt8($0) }
        #expect(
            HexDump(markAt: 82, maximumBytes: 32).render(bytes) == """
                ... 64 bytes before
                00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|
                00000050  50 51 52 53 54 55 56 57  58 59 5a 5b 5c 5d 5e 5f  |PQRSTUVWXYZ[\\]^_|
                                ^^ first difference
                ... 64 bytes after
                000000a0

                """
        )
    }

    @Test("whatever the mark and the bound, the dump shows the marked line")
    func survivesEveryMark() {
        let bytes = (0..<70).map { UInt8($0) }
        for mark in 0...70 {
            for bound in [-1, 0, 1, 16, 40, 1_000] {
                let text = HexDump(markAt: mark, maximumBytes: bound).render(bytes)
                #expect(text.contains("^^ first difference"), "mark \(mark), bound \(bound)")
            }
        }
        #expect(!HexDump(markAt: -3).render(bytes).contains("^^"))
        #expect(!HexDump(markAt: 1_000).render(bytes).contains("^^"))
    }
}
