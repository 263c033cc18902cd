// SPDX-License-Identifier: Apache-2.0

/// Lines behind a request whose answer decides what becomes of them.
///
/// A person would look at the answer first, so a line of a script is not acted on before.
struct AwaitedAnswer {
    private var lines: ArraySlice<[UInt8]> = []
    private(set) var isDue = false
    /// How many answers were waited for.
    private(set) var count = 0

    var isEmpty: Bool { lines.isEmpty }

    mutating func add(_ line: [UInt8]) { lines.append(line) }

    /// The next line that may be acted on.
    mutating func next() -> [UInt8]? { isDue ? nil : lines.popFirst() }

    mutating func begin() {
        isDue = true
        count += 1
    }

    mutating func end() { isDue = false }
}
