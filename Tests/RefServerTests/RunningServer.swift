// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

/// A `refserver` process, and everything that it writes.
final class RunningServer {
    /// No test should come near it; one that does has failed.
    static let patience: Int64 = 120_000_000_000

    let child: Child
    private(set) var output: [UInt8] = []
    private(set) var errorOutput: [UInt8] = []

    /// Starts `refserver`, and waits for nothing.
    ///
    /// `wrapper` is a command that runs the program and its words, which follow it.
    init(_ words: [String], descriptors: Int? = nil, wrapper: [String] = []) throws {
        let words = [try RunningServer.program()] + words
        // The shell's limit is the hard one, too, which the server cannot raise.
        let limit = descriptors.map { ["/bin/sh", "-c", "ulimit -n \($0); exec \"$0\" \"$@\""] }
        var command = Posix.Command((limit ?? wrapper) + words)
        command.output = .pipe
        command.errorOutput = .pipe
        child = try Child(command)
    }

    /// The program beside the test bundle, as `swift build --build-tests` leaves it.
    private static func program() throws -> String {
        let own = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") })
        let folder = own.utf8.lastIndex(of: UInt8(ascii: "/")).map { own[..<$0] } ?? "."
        return "\(folder)/refserver"
    }

    /// The address of its ready line.
    func address() throws -> SocketAddress {
        let prefix = "listening on "
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while !output.contains(0x0A), MonotonicClock.now < deadline { try readSome() }
        let line = String(decoding: output.prefix { $0 != 0x0A }, as: UTF8.self)
        #expect(line.hasPrefix(prefix))
        return try #require(SocketAddress(parsing: String(line.dropFirst(prefix.count))))
    }

    /// Sends a signal, if one is given, and says how the process has ended and what it wrote.
    func end(_ signal: Signal? = nil) throws -> Termination? {
        if let signal { child.signal(signal) }
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while child.wait() == nil, MonotonicClock.now < deadline { try readSome() }
        try readSome()
        return child.wait()
    }

    var errorText: String { String(decoding: errorOutput, as: UTF8.self) }

    /// Waits until something has been logged.
    func waitForLog(_ text: String) throws {
        let deadline = MonotonicClock.deadline(after: RunningServer.patience)
        while !errorText.contains(text), MonotonicClock.now < deadline { try readSome() }
        #expect(errorText.contains(text))
    }

    /// Takes what the process has written, waiting a moment where there is nothing.
    private func readSome() throws {
        var poller = Poller()
        for stream in [child.output, child.errorOutput, child.pidfd] {
            if let stream { _ = poller.add(stream.number, .readable) }
        }
        _ = try poller.wait(nanoseconds: 10_000_000)
        try drain(child.output, into: &output)
        try drain(child.errorOutput, into: &errorOutput)
    }

    private func drain(_ stream: Descriptor?, into bytes: inout [UInt8]) throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while let stream {
            let result = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
            guard case .processed(let count) = result else { return }
            bytes += buffer[..<count]
        }
    }
}
