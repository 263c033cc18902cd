// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Reading hello's lines")
struct HelloCommandTests {
    @Test(
        "the header ends at the first space, the rest is the body",
        arguments: [
            ("", HelloCommand.unknown), ("LIST", .list), ("LIST ", .badBody), ("LIST x", .badBody),
            ("LIST\r", .unknown), ("LISTING", .unknown), ("list", .unknown), (" LIST", .unknown),
            ("LIST\t", .unknown), ("SEND-OK", .unknown), ("HELLO x", .unknown),
            ("HELLO-FROM ann", .hello(name: 11..<14)), ("HELLO-FROM", .helloWithBadName),
            ("HELLO-FROM ", .helloWithBadName), ("HELLO-FROM  ann", .helloWithBadName),
            ("HELLO-FROM ann ", .helloWithBadName), ("HELLO-FROM a n", .helloWithBadName),
            ("HELLO-FROM a,n", .helloWithBadName), ("HELLO-FROM ann\r", .helloWithBadName),
            ("HELLO-FROMann", .unknown), ("hello-from ann", .unknown),
            ("SEND", .badBody), ("SEND ", .badBody), ("SEND bob", .badBody),
            ("SEND bob ", .badBody),
            ("SEND  bob hi", .badBody), ("SEND bob \t \r", .badBody), ("SENDX bob hi", .unknown),
            ("SEND bob hi", .send(name: 5..<8, text: 9..<11)),
            ("SEND bob  hi ", .send(name: 5..<8, text: 9..<13)),
            ("SEND a,b x", .send(name: 5..<8, text: 9..<10)),
        ]
    )
    func reads(_ line: String, _ command: HelloCommand) {
        #expect(HelloCommand(Array(line.utf8).span) == command)
    }

    @Test("no name has one of these bytes", arguments: Array("!@#$%^&*, \t\r\u{B}\u{C}".utf8))
    func illegal(_ byte: UInt8) {
        for name in [[byte], [0x61, byte, 0x62], [byte, 0x61], [0x61, byte]] {
            #expect(!isName(name))
        }
    }

    @Test("every other byte may stand in a name")
    func legal() {
        let illegal = Set("!@#$%^&*, \t\n\r\u{B}\u{C}".utf8)
        for byte in UInt8.min...UInt8.max where !illegal.contains(byte) {
            #expect(isName([0x61, byte]))
        }
        #expect(!isName([]))
    }

    private func isName(_ name: [UInt8]) -> Bool { HelloCommand.isName(name.span) }
}
