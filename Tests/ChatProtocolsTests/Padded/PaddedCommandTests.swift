// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Reading padded's messages")
struct PaddedCommandTests {
    @Test(
        "the control word ends at the first space, the argument is the rest",
        arguments: [
            ("", PaddedCommand.blank), ("hello", .say), (" /list", .say), ("a /list", .say),
            ("/list", .list), ("/list x", .list), ("/lists", .unknown), ("/LIST", .unknown),
            ("/", .unknown), ("/ list", .unknown), ("//list", .unknown), ("/list\tx", .unknown),
            ("/join", .joinNothing), ("/join c", .join(6..<7)), ("/join   c d", .join(8..<11)),
            ("/joinx c", .unknown), ("/join\tc", .unknown),
            ("/create", .createNothing), ("/create my chan", .create(8..<15)),
            ("/create \tc", .create(8..<10)),
        ]
    )
    func reads(_ message: String, _ command: PaddedCommand) {
        #expect(PaddedCommand(Array(message.utf8).span) == command)
    }

    @Test(
        "space, tab, CR, LF, VT and FF are stripped at the end",
        arguments: [0x20, 9, 10, 11, 12, 13]
    )
    func stripsWhitespace(_ byte: UInt8) {
        #expect(PaddedCommand.message(in: [0x61, byte, 0x62, byte, 0x20, byte].span) == 0..<3)
        #expect(PaddedCommand.message(in: [byte, byte].span).isEmpty)
    }

    @Test("other bytes are not stripped", arguments: [0, 1, 8, 14, 0x1F, 0x21, 0x85, 0xA0])
    func keepsOthers(_ byte: UInt8) {
        #expect(PaddedCommand.message(in: [0x61, byte].span) == 0..<2)
    }
}
