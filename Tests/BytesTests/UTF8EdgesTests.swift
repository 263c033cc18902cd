// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("UTF8Edges")
struct UTF8EdgesTests {
    private static let text = Array("aé€😀z".utf8)

    @Test("a prefix ends at the last whole character that fits")
    func prefixEndsWhole() {
        let lengths = (0...12).map { UTF8Edges.prefix(of: Self.text, fitting: $0).count }
        #expect(lengths == [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11])
        #expect(UTF8Edges.prefix(of: Self.text, fitting: -1).isEmpty)
    }

    @Test("a byte that is no UTF-8 counts as a character of its own")
    func invalidBytesAreCharacters() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x80, 0xE2, 0x82, 0x61]
        #expect((0...6).map { UTF8Edges.prefix(of: bytes, fitting: $0).count } == Array(0...6))
        #expect(UTF8Edges.characterCount(of: bytes) == 6)
    }

    @Test("characters are counted, not bytes")
    func counts() {
        #expect(UTF8Edges.characterCount(of: Self.text) == 5)
        #expect(UTF8Edges.characterCount(of: [] as [UInt8]) == 0)
        #expect(UTF8Edges.characterCount(of: Self.text[3..<6]) == 1)
    }

    @Test("an unfinished last character is found at its first byte")
    func findsTheUnfinished() {
        let found = (0...11).map {
            UTF8Edges.startOfIncompleteCharacter(in: Self.text[..<$0])
        }
        #expect(found == [nil, nil, 1, nil, 3, 3, nil, 6, 6, 6, nil, nil])
        #expect(UTF8Edges.startOfIncompleteCharacter(in: [0x61, 0xFF] as [UInt8]) == nil)
    }

    @Test(
        "what no further byte can make valid is not unfinished",
        arguments: [[0xE0, 0x80], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90], [0xC0], [0xF5]]
            as [[UInt8]]
    )
    func hopelessBytesAreNotUnfinished(bytes: [UInt8]) {
        #expect(UTF8Edges.startOfIncompleteCharacter(in: bytes) == nil)
        #expect(UTF8Character.at(0, in: bytes) == .invalid)
    }

    @Test("prefixes are those that a walk from the front finds, over random bytes")
    func prefixAgreesWithWalk() {
        var generator = SeededGenerator(seed: 1)
        let alphabet: [UInt8] = [0x61, 0x80, 0xBF, 0xC3, 0xE2, 0xED, 0xA0, 0xF0, 0x9F, 0xF4, 0xFF]
        for _ in 0..<2_000 {
            let bytes = (0..<8).map { _ in alphabet[generator.next(below: alphabet.count)] }
            for limit in 0...8 {
                var end = 0
                while end < limit {
                    let next = end + UTF8Character.at(end, in: bytes).length
                    guard next <= limit else { break }
                    end = next
                }
                #expect(UTF8Edges.prefix(of: bytes, fitting: limit).count == end)
            }
        }
    }

    @Test("valid and invalid characters are told apart as the standard library does")
    func agreesWithTheStandardLibrary() {
        for first in UInt8(0xC0)...0xFF {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second, 0x80, 0x80]
                guard case .scalar(let scalar, let length) = UTF8Character.at(0, in: bytes) else {
                    let valid = (2...4).contains {
                        String(validating: bytes.prefix($0), as: UTF8.self) != nil
                    }
                    #expect(!valid, "\(bytes)")
                    continue
                }
                let expected = String(validating: bytes.prefix(length), as: UTF8.self)
                #expect(expected == String(scalar))
            }
        }
    }
}
