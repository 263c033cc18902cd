// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("The peers file of channels")
struct ChannelsPeersFileTests {
    private func entries(_ text: String) throws(FileProblem) -> [String] {
        try ChannelsPeersFile.entries(Array(text.utf8)).map {
            String(decoding: $0.shown, as: UTF8.self)
        }
    }

    @Test("one host and port a line, with blank lines, comments and spaces at the ends")
    func right() throws {
        let file = "# peers\n\n 127.0.0.1:4400 \r\nserver-2.example:1#x\n  \r\n10.0.0.255:65535"
        #expect(
            try entries(file) == ["127.0.0.1:4400", "server-2.example:1", "10.0.0.255:65535"])
        #expect(try entries("").isEmpty)
    }

    @Test(
        "anything else names its line",
        arguments: [
            "127.0.0.1", "127.0.0.1:", ":4400", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x",
            "a:1:2", "a b:1", "a :1", "256.0.0.1:1", "1.2.3:1", "01.2.3.4:1", "a@b:1", "::1:5",
            "é:1", "a:+1", "a:1 b:2", "\t a:1",
        ])
    func wrong(_ line: String) {
        let problem = #expect(throws: FileProblem.self) { try entries("ok:1\n\(line)\n") }
        #expect(problem?.line == 2)
    }

    @Test("a host that stands there twice is a problem, and the own one with another port")
    func twice() throws {
        let problem = #expect(throws: FileProblem.self) { try entries("a:1\nb:1\na:2") }
        #expect(problem?.line == 3)
        #expect(problem?.reason.contains("line 1") == true)
        var settings = ChannelsSettings()
        settings.federates = true
        settings.peers = try ChannelsPeersFile.entries(Array("b:1\nme:4400\n127.0.0.1:4400".utf8))
        let host = Array("127.0.0.1".utf8)
        #expect(settings.problem(at: host, 4400) == nil)
        #expect(settings.problem(at: host, 4401)?.line == 3)
        settings.hostname = Array("me".utf8)
        #expect(settings.problem(at: host, 4401)?.line == 2)
        #expect(settings.problem(at: host, 4400) == nil)
    }

    @Test("a server that is bound to no IPv4 address needs a name, if it federates")
    func nameless() {
        var settings = ChannelsSettings()
        for host in ["0.0.0.0", "::1", "::"] {
            #expect(settings.problem(at: Array(host.utf8), 1) == nil)
        }
        settings.federates = true
        for host in ["0.0.0.0", "::1", "::"] {
            let problem = settings.problem(at: Array(host.utf8), 1)
            #expect(problem?.reason.hasPrefix("--hostname is missing") == true)
        }
        settings.hostname = Array("me".utf8)
        #expect(settings.problem(at: Array("0.0.0.0".utf8), 1) == nil)
    }
}
