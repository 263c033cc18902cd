// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@testable import SplitClient

@Suite("Chats under plans that join messages", .timeLimit(.minutes(1)))
struct JoiningPlanTests {
    @Test("a login leaves at once, what comes behind its answer is joined")
    func login() throws {
        let server = try answering("HELLO ann\n", behind: 0x0A)
        let call = try chat("hello", server, ["ann", "--cut", "coalesce:2"], typed: "LIST\nx\n")
        #expect(call.status == .success)
        #expect(server.received() == [bytes("HELLO-FROM ann\n"), bytes("LIST\nx\n")])
    }

    @Test("what was held back before it leaves with it")
    func heldBefore() throws {
        let server = try answering(#"{"response":"info","content":"x"}"#, behind: 0x7D)
        let typed = "msg a\nlogin ann\nmsg b\n"
        let call = try chat("json", server, ["--cut", "coalesce:3"], typed: typed)
        #expect(call.status == .success)
        let requests = [("msg", "a"), ("login", "ann"), ("msg", "b")].map {
            bytes("{\"request\": \"\($0)\", \"content\": \"\($1)\"}")
        }
        #expect(server.received() == [requests[0] + requests[1], requests[2]])
    }

    @Test("a server is not blamed for what was not sent", arguments: ["coalesce:2", "straddle"])
    func callback(plan: String) throws {
        let server = try RecordingServer { server, socket in
            while server.receive(socket) != nil {}
        }
        let call = try chat(
            "callback", server, ["--cut", plan, "--wait", "300ms"], typed: "ann\npw\n/list\n")
        #expect(call.status == .failed)
        #expect(server.received() == [bytes("/login ann pw\n")])
    }

    /// Answers what comes first, which ends with this byte, and reads to the end.
    private func answering(_ answer: String, behind last: UInt8) throws -> RecordingServer {
        try RecordingServer { server, socket in
            while let got = server.receive(socket) {
                if got.last == last { break }
            }
            try server.send(bytes(answer), socket)
            while server.receive(socket) != nil {}
        }
    }

    private func chat(
        _ name: String, _ server: RecordingServer, _ options: [String], typed: String
    ) throws -> PipeCall {
        let address = ["127.0.0.1", String(server.address.port)]
        return try PipeCall(["chat", name] + address + options, input: bytes(typed))
    }
}
