// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct DiagnosisTests {
    private let diagnosis: SocketDiagnosis

    init() throws {
        diagnosis = try SocketDiagnosis()
    }

    private func end(_ socket: Socket) throws -> PeerEnd {
        guard case .open(let end) = diagnosis.peerEnd(of: socket) else { throw NothingCame() }
        return end
    }

    @Test(
        "bytes are pending until the peer's program has read them",
        arguments: [IPAddress.loopback4, .loopback6]
    )
    func pendingThenTaken(host: IPAddress) throws {
        let pair = try Connected(host)
        _ = try pair.client.send([1, 2, 3])
        #expect(try eventually { try end(pair.client).receiveQueue == 3 })
        #expect(try !end(pair.client).hasTaken(3))
        _ = try receiving(pair.server, atMost: 2)
        #expect(try end(pair.client).receiveQueue == 1)
        _ = try receiving(pair.server)
        #expect(try end(pair.client).hasTaken(3))
        #expect(try !end(pair.client).hasTaken(4))
        #expect(try end(pair.client).bytesReceived == 3)
    }

    @Test func theEndOfTheStreamCountsAsOneByte() throws {
        let pair = try Connected()
        _ = try pair.client.send([1, 2])
        _ = try receiving(pair.server)
        try pair.client.shutdownWrite()
        #expect(try eventually { try end(pair.client).bytesReceived == 3 })
        #expect(try !end(pair.client).hasTaken(3))
        #expect(try receiving(pair.server).0 == .endOfStream)
        #expect(try end(pair.client).hasTaken(3))
        #expect(try end(pair.client).state == .closeWait)
    }

    @Test func aConnectionThatNobodyAcceptedIsHeldByNobody() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let client = try Socket.connect(to: listener.localAddress, within: second)
        _ = try client.send([1])
        #expect(try eventually { try end(client).receiveQueue == 1 })
        #expect(try !end(client).isHeld)
        let server = try accepting(listener)
        #expect(try end(client).isHeld)
        #expect(try receiving(server).1 == [1])
    }

    @Test func aResetConnectionIsGone() throws {
        let pair = try Connected()
        let (ours, theirs) = (try pair.client.localAddress(), try pair.client.remoteAddress())
        pair.client.abort()
        #expect(eventually { diagnosis.peerEnd(ours: ours, theirs: theirs) == .gone })
    }

    @Test func aServerThatClosedWithUnreadInputIsGone() throws {
        let pair = try Connected()
        _ = try pair.client.send([1])
        #expect(try eventually { try end(pair.client).receiveQueue == 1 })
        let (ours, theirs) = (try pair.client.localAddress(), try pair.client.remoteAddress())
        pair.server.close()
        #expect(eventually { diagnosis.peerEnd(ours: ours, theirs: theirs) == .gone })
    }

    @Test func aServerThatHalfClosedHasFinishedSendingAndIsStillHeld() throws {
        let pair = try Connected()
        #expect(try !end(pair.client).hasFinishedSending)
        try pair.server.shutdownWrite()
        #expect(try end(pair.client).hasFinishedSending)
        #expect(try end(pair.client).isHeld)
    }

    @Test func aConnectionThatNeverWasIsGoneThoughItsPortHasAListener() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let ours = SocketAddress(.loopback4, port: 1)
        #expect(diagnosis.peerEnd(ours: ours, theirs: listener.localAddress) == .gone)
    }

    @Test(
        "a listener is found by the address a client would use",
        arguments: [
            (IPAddress.loopback4, IPAddress.loopback4), (.v4(0), .loopback4),
            (.v6(0, 0, scope: 0), .loopback4), (.v6(0, 0, scope: 0), .loopback6),
            (.loopback6, .loopback6),
        ]
    )
    func listenerIsFound(bound: IPAddress, asked: IPAddress) throws {
        let listener = try Listener(on: SocketAddress(bound, port: 0))
        let address = SocketAddress(asked, port: listener.localAddress.port)
        #expect(diagnosis.listener(at: address) == .listening)
        listener.close()
        #expect(diagnosis.listener(at: address) == .notListening)
    }

    @Test func aListenerOfOneFamilyIsNotFoundByTheOther() throws {
        let listener = try Listener(on: SocketAddress(.loopback4, port: 0))
        let other = SocketAddress(.loopback6, port: listener.localAddress.port)
        #expect(diagnosis.listener(at: other) == .notListening)
    }
}
