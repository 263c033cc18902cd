// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// Files that the runner writes for the servers that it starts, each into its own directory.
///
/// A placeholder in the launch line stands for the path of its file.
struct LaunchFiles: Sendable {
    var contents: [Placeholder: [UInt8]] = [:]

    /// What the placeholder stands for in a server's command line.
    func path(of placeholder: Placeholder, in directory: String?) -> String {
        guard contents[placeholder] != nil, let directory else { return "" }
        return PathText.join(directory, Self.name(of: placeholder))
    }

    /// The same, with what a scenario writes for one of its servers.
    func adding(_ others: [ServerFile: [UInt8]]) -> LaunchFiles {
        var files = self
        for (kind, bytes) in others {
            switch kind {
            case .peers: files.contents[.peers] = bytes
            }
        }
        return files
    }

    func areWanted(by line: LaunchLine) -> Bool { contents.keys.contains(where: line.uses) }

    func write(for line: LaunchLine, into directory: String) throws(FileError) {
        for (placeholder, bytes) in contents where line.uses(placeholder) {
            try Files.write(bytes, to: path(of: placeholder, in: directory))
        }
    }

    private static func name(of placeholder: Placeholder) -> String {
        placeholder.rawValue + ".txt"
    }
}

extension LaunchFiles {
    /// The accounts of a run, for a protocol whose servers are told them.
    init(accountsOf planner: Planner) {
        guard let template = planner.suite.document.accounts else { return }
        let accounts = planner.system.accounts.accounts(
            of: planner.suite.document, seed: planner.seed)
        contents[.users] = template.file(accounts)
    }
}
