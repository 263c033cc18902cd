// SPDX-License-Identifier: Apache-2.0

import Posix

@testable import Conformance

/// Calls of the program that leave a report in a folder of their own.
enum WholeRun {
    /// Gives `body` the path of a folder, which is removed afterwards.
    static func inFolder(_ body: (_ path: String) throws -> Void) throws {
        let folder = try Files.makeTemporaryDirectory(prefix: "conformance-test")
        defer { try? Files.removeTree(folder) }
        try body(folder)
    }

    /// Calls the program, with a report in a folder of its own.
    static func call(
        _ words: [String], _ check: (ProgramStatus, String, _ folder: String) throws -> Void
    ) throws {
        try inFolder { folder in
            // The program takes signals over; here that is the test's thread only.
            let call = ProgramCall(words + ["--report", folder])
            try check(call.status, call.text, folder)
        }
    }

    /// Runs what concerns saying something.
    static func run(
        _ words: [String], _ check: (ProgramStatus, String, _ folder: String) throws -> Void
    ) throws {
        let always = [
            "run", "padded", "--specs", repositoryPath("specs"), "--only", "say.broadcast",
            "--timeout", "500ms", "--timeout-scale", "4",
        ]
        try call(always + words, check)
    }

    static func judge(_ folder: String, _ check: (ProgramStatus, String) throws -> Void) throws {
        let call = ProgramCall(["judge", folder, "--specs", repositoryPath("specs")])
        try check(call.status, call.text)
    }

    /// The lines that say what a report's scenarios are and came to.
    static func verdicts(_ folder: String) throws -> [String] {
        String(decoding: try Files.read("\(folder)/report.json"), as: UTF8.self)
            .split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("      \"id\"") || $0.hasPrefix("      \"verdict\"") }
    }
}
