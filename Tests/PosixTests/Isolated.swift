// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// Whether this process was started by `inItsOwnProcess` to run one test.
let isIsolated = Environment.value("CHATSPEC_ISOLATED_TEST") != nil

/// Runs one test of this program again in a process of its own, for what concerns a whole process.
///
/// Not an exit test of Swift Testing: that waits for any child at all, and so never ends where
/// orphans of other tests are children of the same process.
func inItsOwnProcess(_ test: String, descriptorLimit: UInt64? = nil) throws {
    var command = Command([
        try Files.executablePath(), "--testing-library", "swift-testing", "--filter", test,
    ])
    command.environment = ["CHATSPEC_ISOLATED_TEST": "1"]
    command.descriptorLimit = descriptorLimit
    command.output = .pipe
    command.errorOutput = .pipe
    let child = try Child(command)
    let output = try reading(#require(child.output)) + reading(#require(child.errorOutput))
    let end = try child.wait(until: MonotonicClock.deadline(after: 10 * second))
    #expect(end == .exited(0), "\(output)")
    #expect(output.contains("Test run with 1 test"), "\(output)")
}
