// SPDX-License-Identifier: Apache-2.0

import Reports
import Specs
import Testing

@testable import ConformanceCore

@Suite("text that differs")
struct TextDifferenceTests {
    private let rich: RichReport

    init() throws {
        rich = try RichReport()
    }

    @Test("a text that differs in letters stands under the one that was required, with a mark")
    func letters() {
        #expect(
            rich.explained([rich.mismatch("[alice] hi", "[alice] ho")]) == """
                FAIL case
                  It holds
                  what       bob received another message than required
                  violates   must (M): It must.
                  step       bob expects "[alice] hi"
                  at         case.json:5:3
                  required   "[alice] hi"
                  received   "[alice] ho"
                                       ^ first difference
                  history    0.500 ms  alice connects
                             1.250 ms  alice sends "pakfgbti"
                             1.750 ms  bob connects
                             2.500 ms  bob sends "ltxqcffc"
                             3.000 ms  alice sends "hi"
                             4.000 ms  bob receives "[alice] ho"  <- this
                  reproduce  conformance run padded --only case --seed 7


                """)
    }

    @Test("a text that differs in white space is shown in hexadecimal, too")
    func whiteSpace() {
        #expect(
            rich.explained([rich.mismatch("[alice] hi", "[alice]\thi")]).contains(
                """
                  required   "[alice] hi"
                  received   "[alice]\\thi"
                             00000000  5b 61 6c 69 63 65 5d 09  68 69                    |[alice].hi|
                                                            ^^ first difference
                             0000000a

                """))
    }

    @Test(
        "a text that only ends too early or too late is shown in hexadecimal if nothing visible lacks",
        arguments: [
            ("hi you", "hi", false), ("hi", "hi you", false), ("hi", "hi ", true),
            ("hi  ", "hi", true), ("hi you", "hiyou", true), ("hi", "ho", false),
        ])
    func ends(wanted: String, got: String, needsHexDump: Bool) {
        #expect(rich.explained([rich.mismatch(wanted, got)]).contains("00000000") == needsHexDump)
    }

    @Test("of long texts the part around the difference is shown")
    func window() {
        let long = String(repeating: "abcdefghij ", count: 17)
        #expect(
            rich.explained([rich.mismatch(long + "x", long + "y")]).contains(
                """
                  required   …"bcdefghij abcdefghij abcdefghij abcdefghij x"
                  received   …"bcdefghij abcdefghij abcdefghij abcdefghij y"
                                                                          ^ first difference

                """))
    }

    @Test("a frame's fault is marked in the frame")
    func framing() throws {
        var transcript = rich.transcript(bobReceives: [Array("hi".utf8)])
        transcript.messages[0].message.bytes = Array("hi\n\0\0".utf8)
        let scenario = rich.scenario(
            .fail, findings: [rich.finding(.framing(.otherPadding), message: 0)],
            transcript: transcript)
        #expect(
            rich.explained([scenario]).contains(
                """
                  required   the text, then padding to the frame's end, and nothing else
                  received   "hi\\n\\0\\0"
                             00000000  68 69 0a 00 00                                    |hi...|
                                             ^^ first difference
                             00000005

                """))
    }
}
