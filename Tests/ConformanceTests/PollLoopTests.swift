// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@testable import Conformance

@Suite("The runner's loop")
struct PollLoopTests {
    @Test("a handler that turns the loop ends the turn in which it was told")
    func nested() throws {
        let loop = PollLoop()
        var pipes: [[Int32]] = []
        defer { for end in pipes.joined() { close(end) } }
        var told = [0, 0]
        for number in 0..<2 {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            pipes.append(ends)
            _ = loop.watch(ends[0], .readable) { _ in
                told[number] += 1
                // What others are told by then is over and done with.
                if told == [1, 0] || told == [0, 1] { _ = try? loop.turn(nanoseconds: 0) }
            }
        }
        for ends in pipes { try #require(write(ends[1], "x", 1) == 1) }
        #expect(try loop.turn(nanoseconds: 0))
        #expect(told.sorted() == [1, 2])
    }
}
