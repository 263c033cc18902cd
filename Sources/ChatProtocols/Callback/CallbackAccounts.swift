// SPDX-License-Identifier: Apache-2.0

/// Who may log in, and with which password; both are compared as bytes.
struct CallbackAccounts: Equatable, Sendable {
    private(set) var passwords: [[UInt8]: [UInt8]] = [:]

    init() {}

    /// Reads a file of lines `username password`.
    ///
    /// Blank lines and a `\r` at the end of a line are allowed. Throws for the first line that is
    /// wrong: other than two words, not UTF-8, with a NUL, or a user that stands there already;
    /// and for a byte order mark, which would be a part of the first user's name.
    init(_ file: [UInt8]) throws(FileProblem) {
        guard !file.starts(with: Self.byteOrderMark) else {
            let reason = "the file begins with a byte order mark; save it as UTF-8 without one"
            throw FileProblem(line: 1, reason: reason)
        }
        var lineOfUser: [[UInt8]: Int] = [:]
        let lines = file.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard let (user, password) = try Self.account(line, number: index + 1) else { continue }
            if let earlier = lineOfUser.updateValue(index + 1, forKey: user) {
                let reason = "the user of line \(earlier) again; each user may have one line"
                throw FileProblem(line: index + 1, reason: reason)
            }
            passwords[user] = password
        }
    }

    func accept(_ user: [UInt8], _ password: Span<UInt8>) -> Bool {
        guard let right = passwords[user], right.count == password.count else { return false }
        return password.withUnsafeBufferPointer { right.elementsEqual($0) }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// `nil` for a blank line.
    private static func account(
        _ line: ArraySlice<UInt8>,
        number: Int
    ) throws(FileProblem) -> (user: [UInt8], password: [UInt8])? {
        let line = line.last == 0x0D ? line.dropLast() : line
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return nil }
        guard String(validating: line, as: UTF8.self) != nil else {
            throw FileProblem(line: number, reason: "not UTF-8")
        }
        guard !line.contains(0) else {
            throw FileProblem(line: number, reason: "a NUL byte; names and passwords are text")
        }
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 2, !words.contains(where: \.isEmpty) else {
            throw FileProblem(line: number, reason: problem(words))
        }
        return (Array(words[0]), Array(words[1]))
    }

    private static func problem(_ words: [ArraySlice<UInt8>]) -> String {
        let expected = "a line is \"username password\" with one space between"
        if words.count == 1, words[0].contains(0x09) {
            return "a tab where a space is required; \(expected)"
        }
        let isAlone = words.count == 1 || (words.count == 2 && words[1].isEmpty)
        return isAlone ? "the password is missing; \(expected)" : "not two words; \(expected)"
    }
}

/// Who is logged in, in the order of login.
struct CallbackUsers {
    private(set) var names: [[UInt8]] = []
    private var connections: [[UInt8]: ConnectionID] = [:]

    /// The connection a of a user who is online.
    func connection(of name: [UInt8]) -> ConnectionID? { connections[name] }

    /// Everyone's connection a, in the order of login.
    var all: [ConnectionID] { names.compactMap { connections[$0] } }

    /// Adds a user who is not there.
    mutating func insert(_ name: [UInt8], _ connection: ConnectionID) {
        names.append(name)
        connections[name] = connection
    }

    /// Removes a user; a name that nobody has changes nothing.
    mutating func remove(_ name: [UInt8]) {
        guard connections.removeValue(forKey: name) != nil else { return }
        names.removeAll { $0 == name }
    }
}
