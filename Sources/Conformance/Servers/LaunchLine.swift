// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes

/// What the launch line leaves open until a server is started.
enum Placeholder: String, CaseIterable, Hashable, Sendable {
    case port
    case host
    case dir
    case specs
    /// A file of accounts, which the runner writes or was given.
    case users
    /// A file of the servers to connect to, which scenarios write; else it is empty.
    case peers
    /// A path for a database, in a directory of the server's own; kept over `restart`.
    case database
    /// The name of a moderator.
    case moderator
}

/// A launch line that cannot be used.
struct LaunchLineError: Error, Equatable, CustomStringConvertible {
    var description: String
}

/// How a server is started (`--launch`): words as a shell would split them, with placeholders.
///
/// `{name}` is a placeholder where the name is letters only; all other braces are text, so a
/// JSON argument needs no escaping.
struct LaunchLine: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case text(String)
        case placeholder(Placeholder)
    }

    let text: String
    let words: [[Part]]
    /// Where the server serves without being told; `nil` where each is given a port.
    let ownPort: UInt16?
    /// Where it is started; `nil` for where we are.
    var directory: String?
    /// Variables beside those that we have.
    var environment: [String: String] = [:]

    init(parsing text: String, ownPort: UInt16? = nil) throws(LaunchLineError) {
        self.text = text
        self.ownPort = ownPort
        words = try LaunchLine.split(text).map { word throws(LaunchLineError) in
            try LaunchLine.parts(of: word)
        }
        guard !words.isEmpty else {
            throw LaunchLineError(
                description: "the launch line is empty; write the server's command")
        }
        try checkPort()
    }

    private func checkPort() throws(LaunchLineError) {
        switch (uses(.port), ownPort) {
        case (true, nil), (false, _?): return
        case (false, nil):
            throw LaunchLineError(
                description: "the launch line has no {port}, where each server is told its port; "
                    + "a server with a port of its own is described in a file (--sut), or runs "
                    + "already (--target HOST:PORT)")
        case (true, let port?):
            throw LaunchLineError(
                description: "the launch line has a {port}, and the server a port of its own "
                    + "(\(port)); write one of them")
        }
    }

    func uses(_ placeholder: Placeholder) -> Bool {
        words.contains { $0.contains(.placeholder(placeholder)) }
    }

    /// The command with every placeholder filled in.
    func command(_ value: (Placeholder) -> String) -> [String] {
        words.map { word in
            word.map { part in
                switch part {
                case .text(let text): text
                case .placeholder(let placeholder): value(placeholder)
                }
            }.joined()
        }
    }

    private static func split(_ text: String) throws(LaunchLineError) -> [String] {
        do {
            return try ShellWords.split(text)
        } catch {
            throw LaunchLineError(description: "the launch line: \(error)")
        }
    }

    private static func parts(of word: String) throws(LaunchLineError) -> [Part] {
        var parts: [Part] = []
        var rest = word.utf8[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
            let inner = rest[rest.index(after: open)...].prefix(while: isLetter)
            guard !inner.isEmpty, inner.endIndex < rest.endIndex,
                rest[inner.endIndex] == UInt8(ascii: "}")
            else {
                parts.append(.text(String(Substring(rest[...open]))))
                rest = rest[rest.index(after: open)...]
                continue
            }
            parts.append(.text(String(Substring(rest[..<open]))))
            parts.append(.placeholder(try placeholder(String(Substring(inner)))))
            rest = rest[rest.index(after: inner.endIndex)...]
        }
        parts.append(.text(String(Substring(rest))))
        return parts.filter { $0 != .text("") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func placeholder(_ name: String) throws(LaunchLineError) -> Placeholder {
        guard let placeholder = Placeholder(rawValue: name) else {
            let names = Placeholder.allCases.map { "{\($0.rawValue)}" }
            let near = Suggestion.nearest(to: "{\(name)}", in: names)
            let advice =
                near.map { "did you mean \($0)?" }
                ?? "possible are \(names.joined(separator: ", "))"
            throw LaunchLineError(
                description: "the launch line: {\(name)} means nothing; \(advice)")
        }
        return placeholder
    }
}
