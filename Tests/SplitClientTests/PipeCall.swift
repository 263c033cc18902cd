// SPDX-License-Identifier: Apache-2.0

import Foundation
import Posix
import Synchronization

@testable import SplitClient

/// What one call of `splitclient` came to.
struct PipeCall {
    var status: ProgramStatus
    var output: [UInt8]
    var errorText: String

    /// Calls the program in this process with `input` as its standard input.
    init(_ words: [String], input: [UInt8] = []) throws {
        let pipe = try Posix.Pipe()
        let writer = Writer(pipe.writer)
        Thread { writer.write(input) }.start()
        let output = Mutex<[UInt8]>([])
        let errors = Mutex<String>("")
        let streams = Streams(
            input: pipe.reader,
            print: { bytes throws(SystemCallError) in
                output.withLock { $0 += bytes }
                return .written
            },
            complain: { text in errors.withLock { $0 += text } }
        )
        status = Program.run(words, streams: streams)
        self.output = output.withLock { $0 }
        errorText = errors.withLock { $0 }
    }

    /// Calls `splitclient pipe` with the server's address and these options.
    init(_ server: RecordingServer, _ options: [String], input: [UInt8]) throws {
        let address = [server.address.host.description, String(server.address.port)]
        try self.init(["pipe"] + address + options, input: input)
    }

    /// Has the pipe's end to itself.
    private final class Writer: @unchecked Sendable {
        private let descriptor: Descriptor
        init(_ descriptor: Descriptor) { self.descriptor = descriptor }

        func write(_ bytes: [UInt8]) {
            _ = try? Output.write(bytes, to: descriptor.number)
            descriptor.close()
        }
    }
}
