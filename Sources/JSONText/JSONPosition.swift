// SPDX-License-Identifier: Apache-2.0

/// A place in a text or on a stream.
package struct JSONPosition: Hashable, Sendable, CustomStringConvertible {
    /// Bytes before it.
    package var offset: Int
    /// From 1; a line ends with a line feed.
    package var line: Int
    /// From 1, in UTF-8 characters.
    package var column: Int

    package init(offset: Int = 0, line: Int = 1, column: Int = 1) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column)" }

    mutating func advance(over byte: UInt8) {
        offset += 1
        if byte == 0x0A {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    /// Steps over bytes that are one character each, and no line feeds.
    mutating func advance(overCharacters count: Int) {
        offset += count
        column += count
    }
}
