// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite("JSONWriter")
struct JSONWriterTests {
    private static func written(
        _ style: JSONStyle,
        _ body: (inout JSONObjectWriter) -> Void
    ) -> String {
        var writer = JSONWriter(style: style)
        writer.object(body)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func sample(_ object: inout JSONObjectWriter) {
        object.member("b", 1)
        object.member("a", "x")
        object.member("none", nil as Int?)
        object.member("list", [1, 2])
        object.member("empty", [] as [String])
        object.object("inner") { inner in
            inner.array("rows") { rows in
                rows.object { $0.member("ok", true) }
                rows.array { _ in }
                rows.value(0.5)
            }
            inner.object("nothing") { _ in }
        }
        object.member("seed", UInt64.max)
    }

    @Test("compact output has no white space and keeps the order")
    func writesCompact() {
        #expect(
            Self.written(.compact, Self.sample)
                == #"{"b":1,"a":"x","none":null,"list":[1,2],"empty":[],"inner":{"rows":"#
                + #"[{"ok":true},[],0.5],"nothing":{}},"seed":18446744073709551615}"#
        )
    }

    @Test("pretty output has two spaces a level and a line feed at its end")
    func writesPretty() {
        #expect(
            Self.written(.pretty, Self.sample) == """
                {
                  "b": 1,
                  "a": "x",
                  "none": null,
                  "list": [
                    1,
                    2
                  ],
                  "empty": [],
                  "inner": {
                    "rows": [
                      {
                        "ok": true
                      },
                      [],
                      0.5
                    ],
                    "nothing": {}
                  },
                  "seed": 18446744073709551615
                }

                """
        )
    }

    @Test("compact strings have the escapes that JSON asks for, and no others")
    func escapesCompact() {
        var writer = JSONWriter()
        writer.value("a\"\\/\u{8}\t\n\u{C}\r\u{1}\u{1F}\u{7F}é\u{2028}\u{202E}😀")
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #""a\"\\/\b\t\n\f\r\u0001\u001f"# + "\u{7F}é\u{2028}\u{202E}😀\""
        )
    }

    @Test("pretty strings also escape what a terminal would obey or not show")
    func escapesPretty() {
        var writer = JSONWriter(style: .pretty)
        writer.value("\u{7F}\u{9B}é\u{2028}\u{202E}😀\u{E0041}")
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #""\u007f\u009bé\u2028\u202e😀\udb40\udc41""# + "\n"
        )
    }

    @Test("numbers that JSON cannot write are null")
    func writesNumbers() {
        var writer = JSONWriter()
        writer.value([1.5, -0.0, 1e300, .infinity, .nan, 1e-300])
        #expect(
            String(decoding: writer.bytes, as: UTF8.self) == "[1.5,-0.0,1e+300,null,null,1e-300]"
        )
    }

    @Test("bytes that are no UTF-8 are replaced in a value")
    func replacesInvalidBytes() {
        var writer = JSONWriter()
        writer.value(JSONValue.string([0x61, 0xFF]))
        #expect(writer.bytes == Array("\"a\u{FFFD}\"".utf8))
    }

    @Test(
        "what is written reads back as the same, and what was read is written alike",
        arguments: [
            #"{"a":[1,-2.50e+07,"é\"\n"],"b":{"c":null,"d":[true,false,[]]},"a":{}}"#,
            #""\u0000""#, "[[[]]]", "1E5",
        ]
    )
    func roundTrips(text: String) throws {
        let node = try JSONReader.parse(whole: text.utf8)
        var compact = JSONWriter()
        compact.value(node)
        #expect(String(decoding: compact.bytes, as: UTF8.self) == text)
        var pretty = JSONWriter(style: .pretty)
        pretty.value(node)
        #expect(try JSONReader.parse(whole: pretty.bytes) == node)
    }

    @Test("every character reads back, in both styles")
    func roundTripsCharacters() throws {
        var wrong: [Int] = []
        for style in [JSONStyle.compact, .pretty] {
            for value in Array(0...0x3100) + [0xFEFF, 0xFFFF, 0x1F600, 0xE0041, 0x10FFFF] {
                guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
                var writer = JSONWriter(style: style)
                writer.value(String(scalar))
                let back = try JSONReader.parse(whole: writer.bytes).value.bytes
                if back != Array(String(scalar).utf8) { wrong.append(value) }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test("bytes can be taken while writing, value by value")
    func takesBytes() {
        var writer = JSONWriter()
        writer.value(1)
        #expect(writer.takeBytes() == [0x31])
        writer.array { $0.value("x") }
        #expect(writer.takeBytes() == Array(#"["x"]"#.utf8))
        #expect(writer.bytes.isEmpty)
    }

    @Test("an error in a body reaches the caller with its type")
    func passesErrorsOn() {
        struct Stop: Error {}
        var writer = JSONWriter()
        do throws(Stop) {
            try writer.object { object throws(Stop) in
                object.member("a", 1)
                throw Stop()
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect(writer.bytes == Array(#"{"a":1"#.utf8))
        }
    }
}
