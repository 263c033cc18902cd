// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What is said in a stress run: texts that name their sender and their number, and can be checked
/// to the byte without being kept.
///
/// ```text
/// 00017.000000042 k3.q]x\m ...
/// sender number   filler, drawn from the seed
/// ```
///
/// A text that is all head ends with a hyphen instead of the space: no text begins or ends with one,
/// as servers may take those for padding.
///
/// The filler is a piece of one pool of characters, at an offset that seed, sender and number
/// decide. All texts of a run have the same length and, but for what JSON escapes, so have the
/// messages; so a seed repeats the cuts, too.
struct StressText: Sendable {
    enum Alphabet: String, CaseIterable, Sendable {
        /// Printable ASCII.
        case ascii
        /// Characters of 1, 2, 3 and 4 bytes.
        case unicode
    }

    /// The bytes before the filler.
    static let headLength = 16
    /// What is said by one client ends with the number 999,999,999.
    static let mostMessages = 999_999_999
    static let mostClients = 99_999

    /// Bytes of each text.
    let size: Int
    private let seed: UInt64
    private let pool: [UInt8]
    /// What follows the numbers; servers take a space at the edge of a text for padding.
    private let separator: UInt8
    private let blankHead: [UInt8]

    /// Filler comes in cells of so many bytes, each of whole characters.
    private static let cell = 4
    private static let cells = 1 << 14

    init(size: Int, alphabet: Alphabet, seed: UInt64) {
        self.size = max(Self.headLength, size)
        self.seed = seed
        separator = self.size == Self.headLength ? UInt8(ascii: "-") : 0x20
        blankHead = Array("00000.000000000".utf8) + [separator]
        var generator = SeededGenerator(seed: seed).derived(for: "filler")
        var pool: [UInt8] = []
        // The last texts run over the end of the numbered cells.
        for _ in 0..<Self.cells + self.size / Self.cell + 1 {
            pool += Self.cell(alphabet, &generator)
        }
        self.pool = pool
    }

    /// Appends the text with this number.
    func append(_ sequence: Int, of sender: Int, to out: inout [UInt8]) {
        let head = out.count
        out.append(contentsOf: blankHead)
        out.withUnsafeMutableBytes { bytes in
            Self.write(sender, in: bytes, head..<head + 5)
            Self.write(sequence, in: bytes, head + 6..<head + 15)
        }
        let length = size - Self.headLength
        let whole = length / Self.cell * Self.cell
        let start = start(sequence, of: sender)
        pool.withUnsafeBytes { out.append(contentsOf: $0[start..<start + whole]) }
        for _ in whole..<length { out.append(UInt8(ascii: "-")) }
    }

    /// Sender and number of a text, if it has a head.
    func head(of text: UnsafeRawBufferPointer) -> (sender: Int, sequence: Int)? {
        guard text.count >= Self.headLength, text[5] == UInt8(ascii: "."), text[15] == separator,
            let sender = ByteScanning.number(in: text, at: 0, digits: 5),
            let upper = ByteScanning.number(in: text, at: 6, digits: 2),
            let lower = ByteScanning.number(in: text, at: 8, digits: 7)
        else { return nil }
        return (sender, upper * 10_000_000 + lower)
    }

    /// Whether what follows the head is what was sent.
    func isIntact(
        _ text: UnsafeRawBufferPointer, _ sequence: Int, of sender: Int
    ) -> Bool {
        guard text.count == size else { return false }
        let length = size - Self.headLength
        let whole = length / Self.cell * Self.cell
        let start = start(sequence, of: sender)
        let filler = UnsafeRawBufferPointer(
            rebasing: text[Self.headLength..<Self.headLength + whole])
        for offset in Self.headLength + whole..<size where text[offset] != UInt8(ascii: "-") {
            return false
        }
        return pool.withUnsafeBytes {
            ByteScanning.areEqual(
                filler, UnsafeRawBufferPointer(rebasing: $0[start..<start + whole]))
        }
    }

    private func start(_ sequence: Int, of sender: Int) -> Int {
        let number = UInt64(truncatingIfNeeded: sender) << 32 ^ UInt64(truncatingIfNeeded: sequence)
        let mixed = (number ^ seed) &* 0x9E37_79B9_7F4A_7C15
        return Int(mixed >> 50) * Self.cell
    }

    private static func write(
        _ number: Int, in bytes: UnsafeMutableRawBufferPointer, _ places: Range<Int>
    ) {
        var number = UInt(bitPattern: number)
        for place in places.reversed() {
            bytes[place] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
            number /= 10
        }
    }

    /// Neither begins nor ends with a space: the edges of a text are never white.
    private static func cell(_ alphabet: Alphabet, _ generator: inout SeededGenerator) -> [UInt8] {
        switch alphabet {
        case .ascii:
            var bytes = (0..<cell).map { _ in UInt8(0x21 + generator.next(below: 94)) }
            if generator.next(below: 4) == 0 { bytes[1] = 0x20 }
            return bytes
        case .unicode:
            let characters = ["ab", "é", "ß", "я", "語x", "€7", "😀", "𝄞", "\"\\"]
            let drawn = Array(characters[generator.next(below: characters.count)].utf8)
            return drawn.count == cell ? drawn : drawn + drawn
        }
    }
}
