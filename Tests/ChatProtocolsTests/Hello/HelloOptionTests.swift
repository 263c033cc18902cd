// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Testing

@Suite("Options of hello")
struct HelloOptionTests {
    /// How many of 20 users are admitted.
    private func admitted(_ server: any ChatServer) -> Int {
        var world = World(server)
        return (0..<20).filter { number in
            let id = world.connect()
            world.receive("HELLO-FROM user\(number)\n".utf8, from: id)
            return world.take(id) == Array("HELLO user\(number)\n".utf8)
        }.count
    }

    @Test("the capacity is 16 where nothing is said, and otherwise what is said")
    func capacity() throws {
        let hello = try #require(ProtocolCatalog.find("hello"))
        #expect(admitted(hello.makeServer()) == 16)
        let option = try #require(hello.options.first { $0.name == "capacity" })
        var configuration = ServerConfiguration()
        configuration.give("3", for: option)
        #expect(admitted(hello.makeServer(configuration)) == 3)
        for fault in hello.faults where fault.name == "admits-one-more" {
            #expect(admitted(fault.makeServer(configuration)) == 4)
        }
    }
}
