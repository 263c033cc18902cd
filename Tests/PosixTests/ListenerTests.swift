// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct ListenerTests {
    @Test func nobodyWaitingWouldBlock() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        guard case .wouldBlock = try listener.accept() else {
            Issue.record("somebody was accepted")
            return
        }
        #expect(listener.localAddress.port != 0)
    }

    @Test func aTakenPortIsNamedAsSuch() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let error = #expect(throws: SystemCallError.self) {
            try Listener(on: listener.localAddress)
        }
        #expect(error?.description == "bind: Address already in use (EADDRINUSE)")
    }

    @Test func aPortIsFreeAgainAtOnceAfterItsServerClosedFirst() throws {
        var pair: Connected? = try Connected()
        let address = try #require(pair?.listener.localAddress)
        pair?.server.close()
        pair = nil
        #expect(try Listener(on: address).localAddress == address)
    }

    @Test func aFreePortLiesBelowThoseOfConnectionsAndCanBeBound() throws {
        var random = SystemRandomNumberGenerator()
        let port = try FreePort.find(on: .loopback4, using: &random)
        #expect(FreePort.range.contains(port))
        #expect(throws: Never.self) { try Listener(on: SocketAddress(.loopback4, port: port)) }
    }

    @Test func noPortIsFreeAtAnAddressOfAnotherMachine() {
        var random = SystemRandomNumberGenerator()
        let error = #expect(throws: SystemCallError.self) {
            try FreePort.find(on: .v4(0xC000_0201), using: &random)
        }
        #expect(error?.code == EADDRNOTAVAIL)
    }

    @Test func outOfDescriptorsIsAnAnswerAndTheConnectionWaits() async {
        // In a process of its own, as the limit holds for all of it.
        await #expect(processExitsWith: .success) {
            let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
            let client = try Socket.connect(to: listener.localAddress, within: second)
            let before = try DescriptorLimits.current()
            try DescriptorLimits(soft: UInt64(client.descriptor) + 1, hard: before.hard).apply()
            guard case .outOfDescriptors = try listener.accept() else { exit(1) }
            try before.apply()
            guard case .accepted = try listener.accept() else { exit(2) }
            exit(0)
        }
    }

    @Test func theSoftLimitOfDescriptorsCanBeRaised() async {
        await #expect(processExitsWith: .success) {
            let before = try DescriptorLimits.current()
            try DescriptorLimits(soft: 64, hard: before.hard).apply()
            guard try DescriptorLimits.raise().soft == 64 else { exit(1) }
            exit(try DescriptorLimits.current().soft == before.hard ? 0 : 2)
        }
    }
}
