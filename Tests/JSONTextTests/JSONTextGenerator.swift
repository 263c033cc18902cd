// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Makes texts that are JSON, or were before a byte or two were changed.
struct JSONTextGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> [UInt8] {
        var text: [UInt8] = []
        value(into: &text, depth: 0)
        space(into: &text)
        for _ in 0..<[0, 0, 1, 1, 1, 2, 3][pick(7)] { damage(&text) }
        return text
    }

    private mutating func pick(_ count: Int) -> Int { random.next(below: count) }

    private mutating func value(into text: inout [UInt8], depth: Int) {
        space(into: &text)
        switch pick(depth > 4 ? 5 : 8) {
        case 0: text += ["null", "true", "false"][pick(3)].utf8
        case 1, 2: number(into: &text)
        case 3, 4: string(into: &text)
        case 5: array(into: &text, depth: depth)
        default: object(into: &text, depth: depth)
        }
    }

    private mutating func array(into text: inout [UInt8], depth: Int) {
        text.append(UInt8(ascii: "["))
        for index in 0..<pick(4) {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            value(into: &text, depth: depth + 1)
        }
        space(into: &text)
        text.append(UInt8(ascii: "]"))
    }

    private mutating func object(into text: inout [UInt8], depth: Int) {
        text.append(UInt8(ascii: "{"))
        for index in 0..<pick(4) {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            space(into: &text)
            string(into: &text)
            space(into: &text)
            text.append(UInt8(ascii: ":"))
            value(into: &text, depth: depth + 1)
        }
        space(into: &text)
        text.append(UInt8(ascii: "}"))
    }

    private mutating func space(into text: inout [UInt8]) {
        guard pick(3) == 0 else { return }
        for _ in 0..<pick(3) { text.append([0x20, 0x09, 0x0A, 0x0D][pick(4)]) }
    }

    private mutating func number(into text: inout [UInt8]) {
        if pick(3) == 0 { text.append(UInt8(ascii: "-")) }
        text += "\([0, 1, 7, 10, 65_535, 1_234_567][pick(6)])".utf8
        if pick(3) == 0 { text += ".\(pick(1_000))".utf8 }
        guard pick(4) == 0 else { return }
        text += ["e", "E", "e+", "E-"][pick(4)].utf8
        text += "\(pick(400))".utf8
    }

    private mutating func string(into text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for _ in 0..<pick(5) { text += Self.pieces[pick(Self.pieces.count)].utf8 }
        text.append(UInt8(ascii: "\""))
    }

    private static let pieces = [
        "a", "b", "request", "é", "€", "😀", "\u{7F}", "\u{2028}", "\u{FEFF}", "\u{FFFF}", "{", "]",
        #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u001F"#,
        #"\u00e9"#, #"\uFFFF"#, #"\uD83D\uDE00"#, #"\ud800"#, #"\udc00"#, "__proto__", "1",
    ]

    private mutating func damage(_ text: inout [UInt8]) {
        guard !text.isEmpty else { return }
        let place = pick(text.count)
        switch pick(5) {
        case 0: text.remove(at: place)
        case 1: text[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: text.insert(Self.telling[pick(Self.telling.count)], at: place)
        case 3: text.removeSubrange(place...)
        default: text.insert(contentsOf: text[place...].prefix(3), at: place)
        }
    }

    private static let telling =
        Array("{}[]:,\"\\/+-.0eEuntf'# \u{1}\n".utf8) + [0x80, 0xC0, 0xED, 0xF5, 0xFF]

    /// Texts at the edges of the grammar.
    static let corpus: [[UInt8]] =
        [
            "", " ", "null", "nul", "nulll", "Null", "true false", "tru", "NaN", "Infinity",
            "-Infinity",
            "-", "-0", "-0.0", "0", "00", "01", "-01", "1.", ".1", "1.e1", "1e", "1e+", "1E-0",
            "+1",
            "0e0", "1e400", "-1e400", "1e-400", "5e-324", "9007199254740993", "0x1", "1_0", "١",
            "123456789012345678901234567890", "0.1", "1.7976931348623157e308", "1a", "[1]x",
            "[1] [2]",
            "[", "]", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[[]]", "[[]", "[]]", "{", "}",
            "{}",
            "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#,
            #"{"a" 1}"#,
            #"{a:1}"#, "{'a':1}", #"{1:1}"#, #"{"a":1,"a":2}"#, #"{"a":1}}"#, #"{"":""}"#,
            #"{"\u0061":1,"a":2}"#, #"{"__proto__":1}"#, #""""#, #"""#, #""\"#, #""\""#, #""\x""#,
            #""\u""#, #""\u12""#, #""\u123""#, #""\u123g""#, #""\U0041""#, #""\ud83d""#,
            #""\ud83d\u0041""#, #""\ud83dx""#, #""\ude00""#, #""\ude00\ud83d""#, #""\ud83d\ude00""#,
            #""\ud83d\ud83d\ude00""#, "\"\t\"", "\"\n\"", "\"\u{0}\"", "\"\u{7F}\"", "\"\u{2028}\"",
            "\u{FEFF}1", "\u{A0}1", "\u{B}1", "\u{C}1", "1\u{0}", "/**/1", "1//", "#", "'a'",
        ].map { Array($0.utf8) }
        + [
            [0x22, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC2, 0x22],
            [0x22, 0xE0, 0x80, 0x80, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xED, 0x9F, 0xBF, 0x22],
            [0x22, 0xF4, 0x8F, 0xBF, 0xBF, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0xFF],
            [0xFE, 0xFF],
            [0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], [0x22, 0xEF, 0xBF, 0xBF, 0x22], [0x31, 0x00],
            [0x00, 0x31],
        ]
}
