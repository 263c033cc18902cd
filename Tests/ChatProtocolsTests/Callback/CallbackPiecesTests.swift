// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Cutting callback's streams")
struct CallbackFramerTests {
    private let stream = Array("/list\n\n/to bob hé €😀\r\nX\nhalf".utf8)
    private let lines = ["/list", "", "/to bob hé €😀\r", "X"].map { Array($0.utf8) }

    private func cut(_ segments: [ArraySlice<UInt8>]) -> CutLines {
        var framer = CallbackFramer()
        return CutLines(segments) { rest, cut in
            framer.take(rest.span) { cut.note($1.bytes, isTooLong: $0 == .tooLong) }
        }
    }

    @Test("every cut in three, and single bytes, give the same lines")
    func cuts() {
        for segments in cutsInThree(stream) { #expect(cut(segments).lines == lines) }
        #expect(cut(stream.indices.map { stream[$0...$0] }).lines == lines)
    }

    @Test(
        "65,536 bytes are a line, one more is too long, and the next line is whole again",
        arguments: [Limits.callbackLine, 30_000, 1000]
    )
    func longLines(segment: Int) {
        let longest = [UInt8](repeating: 0x78, count: Limits.callbackLine)
        let whole = cut(segments(longest + [0x0A], of: segment))
        #expect(whole.lines == [longest])
        #expect(whole.tooLong == 0)
        let over = cut(segments([0x78] + longest + [0x0A, 0x79, 0x0A], of: segment))
        #expect(over.lines == [[0x79]])
        #expect(over.tooLong == 1)
    }
}

@Suite("The users file of callback")
struct CallbackAccountsTests {
    private func problem(_ text: String) -> FileProblem? { problem(Array(text.utf8)) }

    private func problem(_ bytes: [UInt8]) -> FileProblem? {
        CallbackSettings.usersFile.problem(bytes)
    }

    private func accepts(_ accounts: CallbackAccounts, _ user: String, _ password: String) -> Bool {
        accounts.accept(Array(user.utf8), Array(password.utf8).span)
    }

    @Test("users stand one in a line; blank lines and carriage returns are allowed")
    func reads() throws {
        let accounts = try CallbackAccounts(Array("\nann 1\r\n \t\r\nbob é€\n\ncid 3".utf8))
        #expect(accounts.passwords.count == 3)
        #expect(accepts(accounts, "ann", "1"))
        #expect(accepts(accounts, "bob", "é€"))
        #expect(accepts(accounts, "cid", "3"))
        #expect(!accepts(accounts, "cid", "33"))
        #expect(try CallbackAccounts([]).passwords.isEmpty)
        #expect(accepts(try CallbackAccounts(Array("ann a\tb".utf8)), "ann", "a\tb"))
    }

    @Test(
        "what is wrong is named with its line",
        arguments: [
            ("ann 1\nbob\n", 2, "the password is missing"),
            ("ann \n", 1, "the password is missing"),
            ("ann 1 2\n", 1, "not two words"), (" ann 1\n", 1, "not two words"),
            ("ann  1\n", 1, "not two words"), ("ann 1\nbob\t2\n", 2, "a tab where a space"),
            ("\u{FEFF}ann 1\n", 1, "the file begins with a byte order mark"),
            ("ann 1\nbob 2\0\n", 2, "a NUL byte"), ("a\0nn 1\n", 1, "a NUL byte"),
            ("ann 1\nbob 2\n\nann 3\n", 4, "the user of line 1 again"),
        ]
    )
    func refuses(_ text: String, _ line: Int, _ reason: String) {
        let problem = problem(text)
        #expect(problem?.line == line)
        #expect(problem?.reason.hasPrefix(reason) == true)
    }

    @Test("invalid UTF-8 is named with its line")
    func refusesBytes() {
        let bytes = Array("ann 1\nbob ".utf8) + [0xC3, 0x0A]
        #expect(problem(bytes) == FileProblem(line: 2, reason: "not UTF-8"))
        #expect(problem("ann 1\n") == nil)
    }
}

@Suite("Deadlines of callback")
struct CallbackDeadlinesTests {
    private func wait(_ slot: UInt32) -> CallbackWait {
        .receipt(ConnectionID(slot: slot, generation: 0))
    }

    @Test("deadlines expire in their order, once, and what is removed does not")
    func expire() {
        var deadlines = Deadlines<CallbackWait>()
        for slot in 0..<5 { deadlines.add(wait(UInt32(slot)), until: Int64(slot)) }
        deadlines.remove(wait(0))
        deadlines.remove(wait(2))
        #expect(deadlines.next() == 1)
        #expect(deadlines.expire(at: 3) == wait(1))
        #expect(deadlines.expire(at: 3) == wait(3))
        #expect(deadlines.expire(at: 3) == nil)
        #expect(deadlines.next() == 4)
    }

    @Test("what is added anew has its new deadline only, also after many times")
    func renew() {
        var deadlines = Deadlines<CallbackWait>()
        deadlines.add(wait(1), until: 0)
        for time in 1...100_000 {
            deadlines.remove(wait(2))
            deadlines.add(wait(2), until: Int64(time))
        }
        #expect(deadlines.expire(at: 99_999) == wait(1))
        #expect(deadlines.expire(at: 99_999) == nil)
        #expect(deadlines.next() == 100_000)
    }
}
