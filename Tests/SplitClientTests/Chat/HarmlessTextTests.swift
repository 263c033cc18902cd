// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("Text that is shown")
struct HarmlessTextTests {
    @Test("nothing that a server sends can move a cursor, hide or turn text around")
    func harmless() {
        #expect(HarmlessText.line(bytes("a\\b\té\"")) == "a\\b\té\"")
        #expect(
            HarmlessText.line(bytes("\u{1B}[2J\r\u{202E}") + [0xFF])
                == #"\x1B[2J\r\xE2\x80\xAE\xFF"#)
        #expect(HarmlessText.lines(bytes("a\nb")) == ["a", "b"])
    }
}
