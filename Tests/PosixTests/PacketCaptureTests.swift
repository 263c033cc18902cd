// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite struct PacketCaptureTests {
    private static let mayCapture = (try? PacketCapture.checkPrivilege()) != nil

    @Test(
        "what is sent on loopback is recorded once, whole, with the time at which it was sent",
        .enabled(if: mayCapture, "needs CAP_NET_RAW"), arguments: [IPAddress.loopback4, .loopback6])
    func records(host: IPAddress) throws {
        let pair = try Connected(host)
        let port = pair.listener.localAddress.port
        let interface = try #require(try NetworkInterface.loopback())
        let capture = try PacketCapture(on: interface, filter: "tcp port \(port)")
        #expect(capture.linkType == 1)
        let payload = [UInt8]("once and whole".utf8)
        let before = WallClock.now
        _ = try pair.client.send(payload)
        _ = try receiving(pair.server)
        let after = WallClock.now
        var packets: [CapturedPacket] = []
        #expect(
            try eventually {
                packets += try capture.take()
                return packets.contains { $0.bytes.suffix(payload.count) == payload[...] }
            })
        let whole = packets.filter { $0.bytes.suffix(payload.count) == payload[...] }
        #expect(whole.count == 1)
        let packet = try #require(whole.first)
        #expect(packet.length == packet.bytes.count)
        #expect(packet.time >= before.sinceEpoch && packet.time <= after.sinceEpoch)
        #expect(capture.dropped == 0)
    }

    @Test("an interface or a filter that there is not is named")
    func refusals() {
        let wrong = Self.mayCapture ? "no-such-interface" : "CAP_NET_RAW"
        let nowhere = NetworkInterface(name: "no-such-interface", isLoopback: false)
        #expect { try PacketCapture(on: nowhere, filter: "tcp") } throws: {
            String(describing: $0).contains(wrong)
        }
        let filter = Self.mayCapture ? "tcp prt 5" : "CAP_NET_RAW"
        let loopback = NetworkInterface(name: "lo", isLoopback: true)
        #expect { try PacketCapture(on: loopback, filter: "tcp prt 5") } throws: {
            String(describing: $0).contains(filter)
        }
    }

    @Test("all addresses of this machine are reached over loopback")
    func interfaces() throws {
        let loopback = try #require(try NetworkInterface.loopback())
        #expect(loopback.isLoopback)
        for text in ["127.0.0.1", "127.1.2.3", "::1"] {
            let host = try #require(IPAddress(parsing: text))
            #expect(try NetworkInterface.towards(SocketAddress(host, port: 9)) == loopback)
        }
    }
}
