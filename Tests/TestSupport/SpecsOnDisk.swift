// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols
import Foundation
package import Specs

/// The suites of this repository, for tests that run them whole.
package enum SpecsOnDisk {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "specs")

    /// The protocols that have both a suite here and a machine.
    package static var served: [ChatProtocol] {
        ProtocolCatalog.protocols.filter { chat in
            let document = root.appending(path: chat.name).appending(path: "protocol.json")
            return FileManager.default.fileExists(atPath: document.path)
        }
    }

    /// Reads `specs/<name>/`, with all that is wrong in it.
    package static func suite(_ name: String) throws -> (suite: Suite?, problems: [SpecProblem]) {
        let folder = root.appending(path: name)
        func file(_ url: URL) throws -> SpecFile {
            SpecFile(path: url.lastPathComponent, bytes: [UInt8](try Data(contentsOf: url)))
        }
        let scenarios = try FileManager.default
            .contentsOfDirectory(
                at: folder.appending(path: "scenarios"), includingPropertiesForKeys: nil
            )
            .filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }
        let log = ProblemLog()
        let suite = SuiteFiles(
            document: try file(folder.appending(path: "protocol.json")),
            requirements: try file(folder.appending(path: "requirements.json")),
            scenarios: try scenarios.map(file)
        ).suite(log: log)
        return (suite, log.problems)
    }
}
