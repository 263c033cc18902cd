// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Posix
import Testing

@testable import SplitClient

@Suite(
    "How chats of scripts with servers end that do not answer, or do not read",
    .timeLimit(.minutes(1)))
struct SilentServerTests {
    @Test("hello says all the same what it has to say")
    func hello() throws {
        let server = try RecordingServer { server, socket in
            while server.receive(socket) != nil {}
        }
        let call = try chat("hello", server, ["ann", "--wait", "300ms"], typed: "LIST\nx\n")
        #expect(call.status == .success)
        #expect(server.received().joined().elementsEqual(bytes("HELLO-FROM ann\nLIST\nx\n")))
    }

    @Test("callback ends without its login", arguments: ["", "/list\n"])
    func callback(further: String) throws {
        let server = try RecordingServer { server, socket in
            while server.receive(socket) != nil {}
        }
        let call = try chat(
            "callback", server, ["--wait", "300ms"], typed: "ann\npw\n" + further)
        #expect(call.status == .failed)
        let output = String(decoding: call.output, as: UTF8.self)
        #expect(output.hasSuffix("\n(the server has not answered the login)\n"))
        #expect(server.received().joined().elementsEqual(bytes("/login ann pw\n")))
    }

    /// A lone line without its end is there together with the end of the input; of many lines most
    /// are not read before the first one was taken.
    @Test(
        "what nobody reads is given up",
        arguments: ["x", String(repeating: "x\n", count: 300)])
    func neverRead(typed: String) throws {
        let isOver = DispatchSemaphore(value: 0)
        let server = try RecordingServer { _, _ in isOver.wait() }
        let call = try chat("padded", server, ["ann", "--wait", "300ms"], typed: typed)
        isOver.signal()
        #expect(call.status == .failed)
        #expect(
            call.errorText
                == "splitclient: error: the server has not taken what was said for 300 ms; "
                + "what was said after that is lost\n")
        #expect(server.received().isEmpty)
    }

    @Test("a pause of the client's own is no fault of the server")
    func pause() throws {
        let server = try RecordingServer { server, socket in
            while server.receive(socket) != nil {}
        }
        let call = try chat(
            "padded", server, ["ann", "--pace", "300ms", "--wait", "100ms"], typed: "x\n")
        #expect(call.status == .success)
        #expect(server.received().joined().count == 400)
    }

    @Test("an answer has its time from when the request has left")
    func slowRequest() throws {
        let server = try RecordingServer { server, socket in
            while server.receive(socket)?.last != 0x0A {}
            try server.send(bytes("102 Authentication failed\n"), socket)
            while server.receive(socket) != nil {}
        }
        let options = ["--cut", "at:1", "--pace", "600ms", "--wait", "500ms"]
        let call = try chat("callback", server, options, typed: "ann\npw\n")
        #expect(call.status == .success)
        #expect(server.received().map(\.count) == [1, 13])
    }

    private func chat(
        _ name: String, _ server: RecordingServer, _ options: [String], typed: String
    ) throws -> PipeCall {
        let address = ["127.0.0.1", String(server.address.port)]
        return try PipeCall(["chat", name] + address + options, input: bytes(typed))
    }
}
