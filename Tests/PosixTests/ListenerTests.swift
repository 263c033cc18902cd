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

    @Test func outOfDescriptorsIsAnAnswerAndTheConnectionWaits() throws {
        try inItsOwnProcess("isolatedOutOfDescriptors", descriptorLimit: 64)
    }

    @Test(.enabled(if: isIsolated)) func isolatedOutOfDescriptors() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let client = try Socket.connect(to: listener.localAddress, within: second)
        var filling: [Pipe] = []
        while let pipe = try? Pipe() { filling.append(pipe) }
        filling.last?.reader.close()
        // One is left; an accept takes it, the next finds none.
        let late = try Socket.connecting(to: listener.localAddress)
        guard case .outOfDescriptors(isOwnLimit: true) = try listener.accept() else {
            Issue.record("a connection was accepted without a descriptor")
            return
        }
        filling.removeAll()
        #expect(try accepting(listener).remoteAddress() == client.localAddress())
        #expect(try accepting(listener).remoteAddress() == late.localAddress())
    }

    @Test func theSoftLimitOfDescriptorsCanBeRaised() throws {
        try inItsOwnProcess("isolatedRaise", descriptorLimit: 64)
    }

    @Test(.enabled(if: isIsolated)) func isolatedRaise() throws {
        let before = try DescriptorLimits.raise()
        #expect(before.soft == 64)
        #expect(before.hard > 64)
        #expect(try DescriptorLimits.current().soft == before.hard)
    }
}
