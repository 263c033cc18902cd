// SPDX-License-Identifier: Apache-2.0

import Foundation
import Posix
import Testing

@testable import SplitClient

@Suite("A log that is replayed is not written to")
struct ReplayedLogTests {
    private static let text = Array("splitclient cut log 1\n1 > 4\n".utf8)

    /// Calls a proxy that replays `source` and could not listen; what it says, and what is left.
    private func call(
        replay source: String, log target: String, links: [String: String] = [:]
    ) throws -> (call: PipeCall, left: [UInt8]) {
        let folder = NSTemporaryDirectory() + "chatspec-" + UUID().uuidString + "/"
        try FileManager.default.createDirectory(
            atPath: folder + "other", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(Self.text).write(to: URL(fileURLWithPath: folder + source))
        for (link, file) in links {
            try FileManager.default.linkItem(atPath: folder + file, toPath: folder + link)
        }
        let call = try PipeCall([
            "proxy", "--listen", "192.0.2.1:0", "--to", "127.0.0.1:1",
            "--replay", folder + source, "--log", folder + target,
        ])
        return (call, try Files.read(folder + source))
    }

    @Test(
        "one file is refused, whatever its names",
        arguments: [
            ("cuts", "cuts", [:]), ("cuts", "other/../cuts", [:]),
            ("cuts", "link", ["link": "cuts"]), ("cuts.flushes", "cuts", [:]),
            ("cuts", "new", ["cuts.flushes": "cuts", "new.flushes": "cuts"]),
        ] as [(String, String, [String: String])])
    func refused(source: String, target: String, links: [String: String]) throws {
        let (call, left) = try call(replay: source, log: target, links: links)
        #expect(call.status == .usage)
        #expect(call.errorText.contains("belongs to the log that --replay reads"))
        #expect(left == Self.text)
    }

    @Test("another file is not", arguments: ["new", "other/cuts"])
    func another(target: String) throws {
        let (call, _) = try call(replay: "cuts", log: target)
        #expect(call.status == .failed)
        #expect(call.errorText.contains("cannot listen on 192.0.2.1:0"))
    }
}
