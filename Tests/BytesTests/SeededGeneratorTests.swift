// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("SeededGenerator")
struct SeededGeneratorTests {
    /// The published reference values of SplitMix64 for the seed 1234567.
    @Test("the numbers are those of SplitMix64")
    func isSplitMix64() {
        var generator = SeededGenerator(seed: 1_234_567)
        let drawn = (0..<5).map { _ in generator.next() }
        #expect(
            drawn == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test("numbers below a bound are below it, and all of them come")
    func staysBelow() {
        var generator = SeededGenerator(seed: 7)
        let drawn = (0..<1_000).map { _ in generator.next(below: 10) }
        #expect(Set(drawn) == Set(0..<10))
        #expect(generator.next(below: 1) == 0)
        #expect(generator.next(below: 0) == 0)
        #expect(generator.next(below: -5) == 0)
    }

    @Test("a derived generator depends on seed and label, not on what was drawn")
    func derives() {
        let fresh = SeededGenerator(seed: 42)
        var used = fresh
        _ = used.next()
        #expect(used.derived(for: "names") == fresh.derived(for: "names"))
        #expect(fresh.derived(for: "names") != fresh.derived(for: "ports"))
        #expect(fresh.derived(for: "names") != SeededGenerator(seed: 43).derived(for: "names"))
        #expect(fresh.derived(for: "names") == fresh.derived(for: Array("names".utf8)))
        let oneWay = fresh.derived(for: "a").derived(for: "b")
        #expect(oneWay != fresh.derived(for: "b").derived(for: "a"))
    }

    /// Values from the FNV authors' published test suite.
    @Test(
        "labels are mixed in with FNV-1a",
        arguments: [
            ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
            ("foobar", 0x8594_4171_F739_67E8),
        ] as [(String, UInt64)]
    )
    func hashes(text: String, expected: UInt64) {
        #expect(FNV1a.hash(text.utf8) == expected)
    }
}
