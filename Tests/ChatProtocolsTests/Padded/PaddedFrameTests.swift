// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Writing padded's frames")
struct PaddedFrameTests {
    private func bytes(_ text: PaddedText, _ name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        PaddedFrame.append(text, Array(name.utf8).span, to: &bytes)
        return bytes
    }

    @Test(
        "every text is the page's, padded with spaces to 200 bytes",
        arguments: [
            (
                PaddedText.unknownControl,
                "N is not a valid control message. Valid messages are /create, /list, and /join."
            ),
            (.noSuchChannel, "No channel named N exists. Try '/create N'?"),
            (
                .joinNeedsArgument,
                "/join command must be followed by the name of a channel to join."
            ),
            (.channelExists, "Room N already exists, so cannot be created."),
            (
                .createNeedsArgument,
                "/create command must be followed by the name of a channel to create"
            ),
            (
                .outsideChannel,
                "Not currently in any channel. Must join a channel before sending messages."
            ),
            (.joined, "N has joined"), (.left, "N has left"),
        ]
    )
    func isThePagesText(_ text: PaddedText, _ expected: String) {
        #expect(bytes(text, "N") == frame(expected))
    }

    @Test("a text that passes 200 bytes is cut there", arguments: 186...200)
    func cutsLongTexts(nameLength: Int) {
        let name = String(repeating: "n", count: nameLength)
        let whole = Array((name + " has joined").utf8)
        #expect(bytes(.joined, name) == frame(Array(whole.prefix(200))))
    }

    @Test("what was said is cut at the last whole character that fits", arguments: 190...200)
    func cutsAtCharacters(fill: Int) {
        let text = String(repeating: "x", count: fill - 4) + "é€😀"
        var bytes: [UInt8] = []
        PaddedFrame.append(saidBy: [0x61].span, Array(text.utf8).span, to: &bytes)
        var expected = ""
        for character in "[a] " + text where expected.utf8.count + character.utf8.count <= 200 {
            expected.append(character)
        }
        #expect(bytes == frame(expected))
    }

    @Test("a byte that is not UTF-8 counts as a character")
    func cutsBytes() {
        let text = [UInt8](repeating: 0x78, count: 194) + [0xE2, 0x82, 0x78]
        var bytes: [UInt8] = []
        PaddedFrame.append(saidBy: [0x61].span, text.span, to: &bytes)
        #expect(bytes == Array("[a] ".utf8) + text.prefix(196))
    }

    private func list(_ names: [String]) -> [String] {
        var bytes: [UInt8] = []
        PaddedFrame.append(list: names.map { Array($0.utf8) }, to: &bytes)
        return texts(bytes)
    }

    @Test("no channels make no frame")
    func emptyList() {
        #expect(list([]).isEmpty)
    }

    @Test("a list is joined with newlines, in order, without a final one")
    func shortList() {
        #expect(list(["b", "a", "c d"]) == ["b\na\nc d"])
    }

    @Test("a list of exactly 200 bytes is one frame, of 201 two, cut between names")
    func longList() {
        let half = String(repeating: "a", count: 99)
        #expect(list([half, half + "b"]) == [half + "\n" + half + "b"])
        #expect(list([half, half + "bc"]) == [half, half + "bc"])
    }

    @Test("no name is lost or broken in a list of many frames")
    func manyFrames() {
        let names = (0..<1000).map { "channel-\($0)" }
        let frames = list(names)
        #expect(frames.allSatisfy { $0.utf8.count <= 200 })
        #expect(frames.flatMap { $0.split(separator: "\n") }.map(String.init) == names)
    }
}
