// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conformance

@Suite("Small parts of the runner")
struct SmallPartsTests {
    @Test("of several exit statuses the gravest counts")
    func exitStatus() {
        let order: [ProgramStatus] = [
            .internalError, .wrongSpecs, .usage, .unreachable, .failed, .success,
        ]
        for (index, graver) in order.enumerated() {
            for lesser in order[index...] {
                #expect(ProgramStatus.gravest(of: [lesser, graver]) == graver)
            }
        }
        #expect(ProgramStatus.gravest(of: []) == .success)
    }

    @Test("looks follow at once at first, then ever more slowly, up to a bound")
    func backoff() {
        var backoff = Backoff(immediate: 2, first: 10, longest: 50)
        #expect((0..<6).map { _ in backoff.next() } == [0, 0, 10, 20, 40, 50])
        backoff.reset()
        #expect(backoff.next() == 0)
        for _ in 0..<200 { _ = backoff.next() }
        #expect(backoff.next() == 50)
    }

    @Test("a pace is drained or a time")
    func pace() {
        #expect(Pace(parsing: "drained") == .drained)
        #expect(Pace(parsing: "5ms") == .pause(5_000_000))
        #expect(Pace(parsing: "soon") == nil)
        #expect(Pace.pause(5_000_000).description == "5ms")
    }

    @Test(
        "a word is quoted so that a shell takes it whole",
        arguments: [
            ("join.x", "join.x"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("", "''"),
            ("f[at=1]", "'f[at=1]'"), ("$HOME", "'$HOME'"),
        ])
    func quoting(word: String, quoted: String) {
        #expect(ReproductionLine.quoted(word) == quoted)
    }

    @Test("the directory above a path", arguments: [("/a/b", "/a"), ("/a", "/"), ("/", "/")])
    func parent(path: String, parent: String) {
        #expect(PathText.parent(of: path) == parent)
    }
}
