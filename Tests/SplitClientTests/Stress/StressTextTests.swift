// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What is said in a stress run")
struct StressTextTests {
    private func bytes(_ text: StressText, _ sequence: Int, of sender: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        text.append(sequence, of: sender, to: &bytes)
        return bytes
    }

    @Test(
        "a text names its sender and number, has its size, and is seen to be intact",
        arguments: StressText.Alphabet.allCases, [16, 17, 20, 63, 187, 4096])
    func intact(alphabet: StressText.Alphabet, size: Int) {
        let text = StressText(size: size, alphabet: alphabet, seed: 7)
        for (sender, sequence) in [(0, 0), (17, 42), (99_999, 999_999_999)] {
            let said = bytes(text, sequence, of: sender)
            #expect(said.count == size)
            #expect(String(validating: said, as: UTF8.self) != nil)
            said.withUnsafeBytes { said in
                let head = text.head(of: said)
                #expect(head?.sender == sender)
                #expect(head?.sequence == sequence)
                #expect(text.isIntact(said, sequence, of: sender))
            }
        }
    }

    @Test(
        "no text begins or ends with what a server may take for padding",
        arguments: StressText.Alphabet.allCases, 16...64)
    func edges(alphabet: StressText.Alphabet, size: Int) {
        for seed in UInt64(0)..<8 {
            let text = StressText(size: size, alphabet: alphabet, seed: seed)
            for sequence in 0..<50 {
                let said = bytes(text, sequence, of: 3)
                for edge in [said.first, said.last] { #expect(edge != 0x20 && edge != 0x09) }
            }
        }
    }

    @Test("any byte that is changed, left out or added is noticed")
    func damage() {
        let text = StressText(size: 40, alphabet: .ascii, seed: 7)
        let said = bytes(text, 3, of: 1)
        for offset in said.indices {
            var damaged = said
            damaged[offset] ^= 1
            damaged.withUnsafeBytes { damaged in
                let head = text.head(of: damaged)
                let isRight = head?.sender == 1 && head?.sequence == 3
                #expect(!isRight || !text.isIntact(damaged, 3, of: 1))
            }
        }
        for damaged in [Array(said.dropLast()), said + [0x2D]] {
            damaged.withUnsafeBytes { #expect(!text.isIntact($0, 3, of: 1)) }
        }
    }

    @Test("a seed repeats the texts, another one does not")
    func seeds() {
        let one = StressText(size: 100, alphabet: .unicode, seed: 1)
        let again = StressText(size: 100, alphabet: .unicode, seed: 1)
        let other = StressText(size: 100, alphabet: .unicode, seed: 2)
        #expect(bytes(one, 5, of: 5) == bytes(again, 5, of: 5))
        #expect(bytes(one, 5, of: 5) != bytes(other, 5, of: 5))
    }
}
