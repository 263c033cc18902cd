// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How a protocol's server is told who may log in (`accounts` of `protocol.json`).
package struct AccountsTemplate: Equatable, Sendable {
    /// The generators of names and passwords.
    package var names: String
    package var passwords: String
    /// One line of the file, with the gaps `name` and `password`: so it is written and read.
    package var line: TextPattern

    package init(names: String, passwords: String, line: TextPattern) {
        self.names = names
        self.passwords = passwords
        self.line = line
    }
}

/// Somebody who may log in.
package struct Account: Equatable, Sendable {
    package var name: [UInt8]
    package var password: [UInt8]

    package init(name: [UInt8], password: [UInt8]) {
        self.name = name
        self.password = password
    }
}

/// A line of a file of accounts that is none, or one too many.
package struct AccountsProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package var line: Int
    package var reason: String

    package var description: String { "line \(line): \(reason)" }
}

extension AccountsTemplate {
    /// The file that tells a server of these accounts.
    package func file(_ accounts: [Account]) -> [UInt8] {
        accounts.flatMap { account in
            (line.filled(with: ["name": account.name, "password": account.password]) ?? [])
                + [UInt8(ascii: "\n")]
        }
    }

    /// Reads such a file; blank lines and a carriage return at the end of a line are passed over.
    package func accounts(in file: [UInt8]) throws(AccountsProblem) -> [Account] {
        var accounts: [Account] = []
        var lineOfName: [[UInt8]: Int] = [:]
        let lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, whole) in lines.enumerated() {
            let text = Array(whole.last == 0x0D ? whole.dropLast() : whole)
            guard text.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
            guard case .matched(let bound) = line.match(text), let name = bound["name"],
                let password = bound["password"]
            else {
                throw AccountsProblem(line: index + 1, reason: "a line is \(line.shown())")
            }
            if let earlier = lineOfName.updateValue(index + 1, forKey: name) {
                throw AccountsProblem(
                    line: index + 1,
                    reason: "\(ByteEscaping.quoted(name)) stands in line \(earlier) already")
            }
            accounts.append(Account(name: name, password: password))
        }
        return accounts
    }
}
