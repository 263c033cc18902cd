// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Testing

@testable import SplitClient

@Suite("How long a chat waits for a server that reads slowly")
struct SlowServerTests {
    /// More than the kernel takes on a connection that nobody reads.
    private let longMessage = [UInt8](repeating: 0x78, count: 64 << 20)

    @Test("a server that reads on is not given up, one that has stopped is")
    func room() throws {
        try withRun { run, server in
            try run.perform([.send(MessageToCut(bytes: longMessage), on: .main)])
            try pumpToTheEnd(run)
            try readOn(run, server)
        }
    }

    @Test("it need not have read a whole segment before the next one may leave")
    func look() throws {
        try withRun { run, server in
            let line = MessageToCut(bytes: [UInt8](repeating: 0x78, count: 5000))
            try run.perform([.send(line, on: .main), .send(line, on: .main)])
            try pumpToTheEnd(run)
            try readOn(run, server)
        }
    }

    /// A chat whose server has no time at all to take more, and the server's end of its connection.
    private func withRun(_ use: (ChatRun, Socket) throws -> Void) throws {
        let line = ["chat", "channels", "127.0.0.1", "1", "--wait", "0ms"]
        guard case .command(let command) = try Program.command.parse(line) else {
            Issue.record("no command")
            return
        }
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let socket = try ServerConnection.connect(to: listener.localAddress)
        guard case .accepted(let server, _) = try listener.accept() else {
            Issue.record("nobody has come")
            return
        }
        let input = try Pipe()
        let streams = Streams(
            input: input.reader, print: { _ throws(SystemCallError) in .written },
            complain: { _ in })
        let console = PlainConsole(streams, showsMarks: false, isEchoed: false)
        let run = try ChatRun(
            socket, try ChatOptions(command), console: console, signals: nil)
        try use(run, server)
    }

    /// The server reads a little of what is on its way, far less than makes room for more.
    private func readOn(_ run: ChatRun, _ server: Socket) throws {
        run.outcome = nil
        run.taking.stop()
        _ = try run.pump()
        for _ in 1...3 {
            try read(1000, server)
            _ = try run.pump()
            try #require(run.outcome == nil)
        }
        try pumpToTheEnd(run)
    }

    /// Until nothing moves any more, and the server is given up for that.
    private func pumpToTheEnd(_ run: ChatRun) throws {
        for _ in 1...10_000 where run.outcome == nil { _ = try run.pump() }
        #expect(run.outcome == .notTaken)
    }

    private func read(_ count: Int, _ socket: Socket) throws {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = try bytes.withUnsafeMutableBytes { try socket.receive(into: $0) }
        #expect(result == .processed(count))
    }
}
