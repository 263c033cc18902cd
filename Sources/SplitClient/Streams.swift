// SPDX-License-Identifier: Apache-2.0

import Posix

/// Standard input, output and error, or what stands in for them.
struct Streams {
    var input: Descriptor
    /// Writes to standard output and waits until all is written.
    var print: ([UInt8]) throws(SystemCallError) -> OutputResult
    /// Writes to standard error.
    var complain: (String) -> Void

    static func ofProcess() -> Streams {
        Streams(
            input: .standardInput(),
            print: { bytes throws(SystemCallError) in
                try Output.write(bytes, to: Terminal.standardOutput)
            },
            complain: { Output.writeError($0) }
        )
    }
}
