// SPDX-License-Identifier: Apache-2.0

/// The accounts of a `callback` server, from the file that it was given.
struct UsersFile: Equatable, Sendable {
    var names: [[UInt8]] = []
    var passwords: [[UInt8]] = []

    struct Problem: Error, Equatable {
        var line: Int
    }

    /// Lines of a name, a space and a password; blank lines and a `\r` at a line's end are allowed.
    init(_ bytes: [UInt8]) throws(Problem) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
            let words = line.split(separator: 0x20)
            guard words.count == 2 else { throw Problem(line: index + 1) }
            names.append(Array(words[0]))
            passwords.append(Array(words[1]))
        }
    }
}
