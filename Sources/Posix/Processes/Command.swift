// SPDX-License-Identifier: Apache-2.0

/// Where an output of a child goes.
package enum ChildOutput: Hashable, Sendable {
    case discard
    /// To a pipe whose reading end the `Child` holds, non-blocking.
    case pipe
    /// To a copy of this descriptor, which stays the caller's.
    case descriptor(Int32)
}

/// What to start, and how.
package struct Command: Hashable, Sendable {
    /// The program and its arguments, at least the program.
    ///
    /// A program without a slash is looked for in `PATH`; a relative one with a slash starts from
    /// `directory`.
    package var arguments: [String]
    /// Variables added to our own environment, or changed in it.
    package var environment: [String: String] = [:]
    /// The working directory; `nil` keeps ours.
    package var directory: String?
    package var output = ChildOutput.discard
    package var errorOutput = ChildOutput.discard
    /// The soft limit of open descriptors; `nil` keeps ours.
    package var descriptorLimit: UInt64?

    package init(_ arguments: [String]) {
        self.arguments = arguments
    }
}

/// A program that could not be started.
package struct SpawnError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The step that failed.
    package enum Step: Hashable, Sendable {
        /// Preparing: pipes, `/dev/null`, the process itself.
        case prepare
        /// Changing into the working directory.
        case directory(String)
        /// Executing the program: `ENOENT` also means a missing `#!` interpreter.
        case execute(String)
    }

    package let step: Step
    package let cause: SystemCallError

    package var description: String {
        switch step {
        case .prepare: "cannot start a process: \(cause)"
        case .directory(let path): "cannot work in the directory \(path): \(cause.reason)"
        case .execute(let program): "cannot execute \(program): \(cause.reason)"
        }
    }
}
