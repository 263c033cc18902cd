// SPDX-License-Identifier: Apache-2.0

import CShim

/// The descriptors of a child to be: its ends, which close here after the start, and ours.
struct ChildStreams {
    let input: Descriptor
    let outputReader: Descriptor?
    let errorReader: Descriptor?
    private let outputWriter: Descriptor?
    private let errorWriter: Descriptor?
    let outputNumber: Int32
    let errorNumber: Int32

    init(_ command: Command) throws(SystemCallError) {
        let null = Descriptor(owning: try checked("open") { cshim_open_null() })
        self.input = null
        (outputReader, outputWriter) = try ChildStreams.ends(command.output)
        (errorReader, errorWriter) = try ChildStreams.ends(command.errorOutput)
        outputNumber = ChildStreams.number(command.output, outputWriter ?? null)
        errorNumber = ChildStreams.number(command.errorOutput, errorWriter ?? null)
    }

    private static func ends(
        _ output: ChildOutput
    ) throws(SystemCallError) -> (reader: Descriptor?, writer: Descriptor?) {
        guard output == .pipe else { return (nil, nil) }
        let pipe = try Pipe()
        try pipe.reader.setNonBlocking()
        return (pipe.reader, pipe.writer)
    }

    private static func number(_ output: ChildOutput, _ own: Descriptor) -> Int32 {
        switch output {
        case .discard, .pipe: own.number
        case .descriptor(let number): number
        }
    }
}

extension SpawnError {
    /// Calls `body`; what it throws is a failed preparation.
    static func preparing<Value>(
        _ body: () throws(SystemCallError) -> Value
    ) throws(SpawnError) -> Value {
        do {
            return try body()
        } catch {
            throw SpawnError(step: .prepare, cause: error)
        }
    }
}
