// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct ReservedPortTests {
    @Test func whoConnectsToAReservedPortIsRefusedAndNobodyElseCanListenThere() throws {
        var random = SystemRandomNumberGenerator()
        let port = try FreePort.find(on: .loopback4, using: &random)
        let address = SocketAddress(.loopback4, port: port)
        let reserved = try ReservedPort(on: address)
        let refusal = #expect(throws: SystemCallError.self) {
            try Socket.connect(to: address, within: 1_000_000_000)
        }
        #expect(refusal?.code == ECONNREFUSED)
        let taken = #expect(throws: SystemCallError.self) { try Listener(on: address) }
        #expect(taken?.code == EADDRINUSE)
        reserved.close()
        #expect(throws: Never.self) { try Listener(on: address) }
    }

    @Test func whoWaitsToBeAcceptedIsSeenWithoutBeingAccepted() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        #expect(try !listener.hasWaiting())
        let client = try Socket.connect(to: listener.localAddress, within: 1_000_000_000)
        #expect(try listener.hasWaiting())
        #expect(try listener.hasWaiting())
        client.close()
    }

    @Test func everyAddressIsOfTheSameFamily() {
        #expect(IPAddress.loopback4.everyAddress.description == "0.0.0.0")
        #expect(IPAddress.loopback6.everyAddress.description == "::")
        #expect(IPAddress.v4(0x7F12_3456).isLoopback4)
        #expect(!IPAddress.loopback6.isLoopback4)
        #expect(!IPAddress.v4(0xC000_0201).isLoopback4)
    }
}
