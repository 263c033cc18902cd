// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@testable import SplitClient

@Suite("How splitclient pipe ends", .serialized, .timeLimit(.minutes(15)))
struct PipeEndTests {
    private let input = [UInt8](repeating: 0x78, count: 1000)

    @Test("a server that closes before the end of the input resets what still comes: status 1")
    func closesEarly() throws {
        let server = try RecordingServer { server, socket in
            try server.send(Array("bye\n".utf8), socket)
            _ = server.receive(socket)
        }
        let call = try PipeCall(server, ["--cut", "every:10"], input: input)
        #expect(call.status == .failed)
        #expect(call.output == Array("bye\n".utf8))
        #expect(call.errorText.contains("has reset the connection\n"))
        #expect(server.received().map(\.count) == [10])
    }

    @Test("a server that closes after it has taken everything closes in order: status 0")
    func closesAfterAll() throws {
        let server = try RecordingServer { server, socket in
            while server.receive(socket)?.last != 0x0A {}
            try server.send(Array("bye\n".utf8), socket)
        }
        let call = try PipeCall(server, ["--cut", "bytes"], input: Array("quit\n".utf8))
        #expect(call.status == .success)
        #expect(call.output == Array("bye\n".utf8))
    }

    @Test("a server that ends its direction only still gets all of the input")
    func halfCloses() throws {
        let server = try RecordingServer { server, socket in
            _ = server.receive(socket)
            try socket.shutdownWrite()
            while server.receive(socket) != nil {}
        }
        let call = try PipeCall(server, ["--cut", "every:100"], input: input)
        #expect(call.status == .success)
        #expect(server.received().map(\.count) == Array(repeating: 100, count: 10))
        #expect(call.errorText.contains("9 cuts planned, 9 proven\n"))
    }

    @Test("a reset is told: status 1")
    func reset() throws {
        let server = try RecordingServer { server, socket in
            _ = server.receive(socket)
            socket.abort()
        }
        let call = try PipeCall(server, ["--cut", "every:100"], input: input)
        #expect(call.status == .failed)
        let name = "127.0.0.1:\(server.address.port)"
        #expect(call.errorText.contains("splitclient: error: \(name) has reset the connection\n"))
    }

    @Test("where nobody listens one sentence says so: status 3")
    func cannotConnect() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let port = String(listener.localAddress.port)
        listener.close()
        let call = try PipeCall(["pipe", "127.0.0.1", port, "--cut", "bytes"])
        #expect(call.status == .cannotConnect)
        #expect(
            call.errorText
                == "splitclient: error: cannot connect to 127.0.0.1:\(port): "
                + "Connection refused (ECONNREFUSED)\n")
        #expect(call.output.isEmpty)
    }

    @Test("a standard output that is closed stops nothing")
    func closedOutput() throws {
        let server = try RecordingServer.echoing()
        let pipe = try Posix.Pipe()
        _ = try Output.write(input, to: pipe.writer.number)
        pipe.writer.close()
        let streams = Streams(input: pipe.reader, print: { _ in .closed }, complain: { _ in })
        let words = ["pipe", "127.0.0.1", String(server.address.port), "--cut", "every:100"]
        #expect(Program.run(words, streams: streams) == .success)
        #expect(server.received().count == 10)
    }
}
