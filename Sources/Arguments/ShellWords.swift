// SPDX-License-Identifier: Apache-2.0

/// A launch line that has no words.
package struct ShellWordsError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case unclosedQuote(Character)
        case nothingAfterBackslash
    }

    /// The offset of the quote or the backslash, in bytes of the text's UTF-8, from 0.
    package var position: Int
    package var reason: Reason

    package var description: String {
        switch reason {
        case .unclosedQuote(let quote):
            "the quote \(quote) at offset \(position) is not closed; add another \(quote), or write "
                + "\\\(quote) for the character itself"
        case .nothingAfterBackslash:
            "nothing follows the backslash at offset \(position); write \\\\ for a backslash"
        }
    }
}

/// Splits a line into words as a POSIX shell would, without a shell.
///
/// Blanks separate words. Between `'` all stands for itself; between `"` a backslash takes the
/// meaning from `" \ $` and the backquote; elsewhere from any character; a backslash before a
/// line feed vanishes with it. Nothing is expanded, and `| ; & < > # * $` mean nothing.
package enum ShellWords {
    package static func split(_ text: String) throws(ShellWordsError) -> [String] {
        var splitter = ShellWordSplitter(text: Array(text.utf8))
        return try splitter.split()
    }
}

private struct ShellWordSplitter {
    private let text: [UInt8]
    private var offset = 0
    private var words: [String] = []
    /// The word begun; `nil` between words, so that `''` is a word.
    private var word: [UInt8]?

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func split() throws(ShellWordsError) -> [String] {
        while let byte = take() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: endWord()
            case UInt8(ascii: "'"): try singleQuoted()
            case UInt8(ascii: "\""): try doubleQuoted()
            case UInt8(ascii: "\\"): try escaped()
            default: add(byte)
            }
        }
        endWord()
        return words
    }

    private mutating func take() -> UInt8? {
        guard offset < text.count else { return nil }
        defer { offset += 1 }
        return text[offset]
    }

    private mutating func add(_ byte: UInt8) {
        word = word ?? []
        word?.append(byte)
    }

    private mutating func endWord() {
        guard let word else { return }
        words.append(String(decoding: word, as: UTF8.self))
        self.word = nil
    }

    private mutating func singleQuoted() throws(ShellWordsError) {
        let start = offset - 1
        word = word ?? []
        while let byte = take() {
            guard byte != UInt8(ascii: "'") else { return }
            add(byte)
        }
        throw ShellWordsError(position: start, reason: .unclosedQuote("'"))
    }

    private mutating func doubleQuoted() throws(ShellWordsError) {
        let start = offset - 1
        word = word ?? []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "\""):
                return
            case UInt8(ascii: "\\"):
                guard let next = take() else { break }
                if !"\"\\$`\n".utf8.contains(next) { add(byte) }
                if next != 0x0A { add(next) }
            default:
                add(byte)
            }
        }
        throw ShellWordsError(position: start, reason: .unclosedQuote("\""))
    }

    private mutating func escaped() throws(ShellWordsError) {
        let start = offset - 1
        guard let byte = take() else {
            throw ShellWordsError(position: start, reason: .nothingAfterBackslash)
        }
        if byte != 0x0A { add(byte) }
    }
}
