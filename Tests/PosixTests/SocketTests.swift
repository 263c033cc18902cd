// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct SocketTests {
    @Test("bytes cross a connection", arguments: [IPAddress.loopback4, .loopback6])
    func bytesCross(host: IPAddress) throws {
        let pair = try Connected(host)
        #expect(try pair.client.send(Array("hello".utf8)) == .processed(5))
        #expect(try receiving(pair.server).1 == Array("hello".utf8))
        #expect(try pair.client.remoteAddress() == pair.listener.localAddress)
        #expect(try pair.client.localAddress() == pair.server.remoteAddress())
    }

    @Test func readingNothingWouldBlock() throws {
        let pair = try Connected()
        var bytes: [UInt8] = [0]
        let result = try bytes.withUnsafeMutableBytes { try pair.server.receive(into: $0) }
        #expect(result == .wouldBlock)
    }

    @Test func aHalfClosedConnectionStillCarriesTheOtherDirection() throws {
        let pair = try Connected()
        try pair.client.shutdownWrite()
        #expect(try receiving(pair.server).0 == .endOfStream)
        #expect(try pair.server.send([1, 2]) == .processed(2))
        #expect(try receiving(pair.client).1 == [1, 2])
    }

    @Test func anAbortIsSeenAsAReset() throws {
        let pair = try Connected()
        _ = try pair.client.send([1])
        pair.client.abort()
        #expect(try eventually { try receiving(pair.server).0 == .reset })
    }

    @Test func aCloseIsSeenAsTheEndOfTheStream() throws {
        let pair = try Connected()
        pair.client.close()
        pair.client.close()
        #expect(try receiving(pair.server).0 == .endOfStream)
    }

    @Test func sendingToAResetConnectionIsAResetAndNoSignal() throws {
        let pair = try Connected()
        pair.server.abort()
        #expect(try receiving(pair.client).0 == .reset)
        #expect(try pair.client.send([1]) == .reset)
    }

    @Test func aFullSendBufferWouldBlock() throws {
        let pair = try Connected(receiveBuffer: 4096)
        try pair.server.setSendBuffer(bytes: 4096)
        let bytes = [UInt8](repeating: 7, count: 65_536)
        var (sent, result) = (0, IOResult.processed(0))
        while case .processed(let count) = result, sent < 64 << 20 {
            sent += count
            result = try pair.server.send(bytes)
        }
        #expect(result == .wouldBlock)
        #expect(try pair.server.unsentBytes() > 0)
    }

    @Test func aClosedSocketIsAnErrorAndNoCrash() throws {
        let pair = try Connected()
        pair.client.close()
        let error = #expect(throws: SystemCallError.self) { try pair.client.send([1]) }
        #expect(error == SystemCallError(call: "send", code: EBADF))
    }

    @Test func theLastOwnerClosesTheDescriptor() throws {
        var pair: Connected? = try Connected()
        let server = try #require(pair?.server)
        pair = nil
        #expect(try receiving(server).0 == .endOfStream)
    }
}

@Suite struct ConnectingTests {
    @Test func aRefusalNamesTheCall() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let address = listener.localAddress
        listener.close()
        let error = #expect(throws: SystemCallError.self) {
            try Socket.connect(to: address, within: second)
        }
        #expect(error?.description == "connect: Connection refused (ECONNREFUSED)")
    }

    @Test func theSourceAddressCanBeChosen() throws {
        let listener = try Listener(on: SocketAddress(.v4(0), port: 0))
        let port = listener.localAddress.port
        let source = SocketAddress(.v4(0x7F00_0109), port: 0)
        let client = try Socket.connecting(
            to: SocketAddress(.loopback4, port: port),
            from: source
        )
        #expect(try accepting(listener).remoteAddress().host == source.host)
        #expect(eventually { client.connectionResult() == .connected })
    }

    @Test func aConnectionThatNobodyAnswersIsPendingAndTimesOut() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0), backlog: 0)
        // A backlog of 0 holds one connection; what comes then gets no answer.
        let first = try Socket.connect(to: listener.localAddress, within: second)
        let late = try Socket.connecting(to: listener.localAddress)
        #expect(late.connectionResult() == .pending)
        let error = #expect(throws: SystemCallError.self) {
            try Socket.connect(to: listener.localAddress, within: 1_000_000)
        }
        #expect(error?.code == ETIMEDOUT)
        #expect(first.connectionResult() == .connected)
    }
}
