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
