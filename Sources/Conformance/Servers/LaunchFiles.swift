// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Specs

/// Files that servers are told of in their launch lines.
struct LaunchFiles: Sendable {
    enum Source: Sendable {
        /// Written by the runner, for each server into its own directory.
        case written([UInt8])
        /// Somebody else's, by its path.
        case given(String)
    }

    var sources: [Placeholder: Source] = [:]

    /// What the placeholder stands for in a server's command line.
    func path(of placeholder: Placeholder, in directory: String?) -> String {
        switch sources[placeholder] {
        case nil: ""
        case .given(let path): path
        case .written: PathText.join(directory ?? "", Self.name(of: placeholder))
        }
    }

    /// Whether the line has a file that is to be written.
    func areWritten(for line: LaunchLine) -> Bool {
        sources.contains { placeholder, source in
            if case .written = source { line.uses(placeholder) } else { false }
        }
    }

    func write(for line: LaunchLine, into directory: String) throws(FileError) {
        for (placeholder, source) in sources where line.uses(placeholder) {
            guard case .written(let bytes) = source else { continue }
            try Files.write(bytes, to: PathText.join(directory, Self.name(of: placeholder)))
        }
    }

    private static func name(of placeholder: Placeholder) -> String { placeholder.rawValue + ".txt" }
}

extension LaunchFiles {
    /// The accounts of a run, for a protocol whose servers are told them.
    init(accountsOf planner: Planner, given path: String?) {
        guard let template = planner.suite.document.accounts else { return }
        if let path {
            sources[.users] = .given(path)
            return
        }
        let accounts = planner.system.accounts.accounts(
            of: planner.suite.document, seed: planner.seed)
        sources[.users] = .written(template.file(accounts))
    }
}
