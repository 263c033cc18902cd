// SPDX-License-Identifier: Apache-2.0

import LineEditing
import Testing

@Suite("Where a typed line lies on a terminal")
struct TypedTextTests {
    @Test(
        "the cursor is as many rows below the prompt as its text fills",
        arguments: [
            ("", 0), ("ab", 0), ("abcd", 0), ("abcde", 1), ("abcdef", 1),
            (String(repeating: "x", count: 14), 1), (String(repeating: "x", count: 15), 2),
        ])
    func rows(typed: String, rows: Int) {
        let found = TypedText.rowsAbove(
            prompt: "[Me] ", typed: typed, columns: 10, width: { _ in 1 })
        #expect(found == rows)
    }

    @Test("a wide character that finds one column begins in the next row")
    func wide() {
        let width: (Unicode.Scalar) -> Int = { $0.isASCII ? 1 : 2 }
        let fits = TypedText.rowsAbove(prompt: "", typed: "ab語", columns: 5, width: width)
        #expect(fits == 0)
        let wraps = TypedText.rowsAbove(prompt: "", typed: "abcd語", columns: 5, width: width)
        #expect(wraps == 1)
    }

    @Test("what cannot be shown takes the two columns of ^X")
    func control() {
        let rows = TypedText.rowsAbove(
            prompt: "", typed: "abc\u{1}", columns: 5, width: { $0.value < 32 ? -1 : 1 })
        #expect(rows == 1)
    }

    @Test("erasing goes to the prompt's row, and from there down")
    func erasure() {
        #expect(TypedText.erasure(rowsAbove: 0) == "\r\u{1B}[J")
        #expect(TypedText.erasure(rowsAbove: 2) == "\u{1B}[2A\r\u{1B}[J")
    }
}
