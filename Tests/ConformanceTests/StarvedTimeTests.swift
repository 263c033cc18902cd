// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@testable import Conformance

@Suite("Time in which the server got no processor")
struct StarvedTimeTests {
    private let millisecond: Int64 = 1_000_000

    private func look(
        ran: Int64, waited: Int64, isRunnable: Bool = false
    ) -> ProcessorWait {
        ProcessorWait(
            ran: ran * millisecond, waited: waited * millisecond, isRunnable: isRunnable)
    }

    private func starved(from first: ProcessorWait, to second: ProcessorWait) -> Int64 {
        var starved = StarvedTime(at: 0)
        starved.add(first, at: 0)
        starved.add(second, at: 2_000 * millisecond)
        return starved.total / millisecond
    }

    @Test("a server that sleeps is given nothing")
    func sleeping() {
        #expect(starved(from: look(ran: 5, waited: 7), to: look(ran: 5, waited: 7)) == 0)
    }

    @Test("a server that runs is given nothing, however long it takes")
    func running() {
        let busy = look(ran: 2_005, waited: 7, isRunnable: true)
        #expect(starved(from: look(ran: 5, waited: 7), to: busy) == 0)
    }

    @Test("a server that waited for a processor is given what it waited")
    func waited() {
        #expect(starved(from: look(ran: 5, waited: 7), to: look(ran: 6, waited: 1_207)) == 1_200)
    }

    @Test("threads that waited at once are given no more than the time that passed")
    func manyThreads() {
        #expect(starved(from: look(ran: 5, waited: 0), to: look(ran: 6, waited: 9_000)) == 2_000)
    }

    @Test("a server that still waits is given that time, though the kernel has counted nothing yet")
    func stillWaiting() {
        let waiting = look(ran: 5, waited: 7, isRunnable: true)
        #expect(starved(from: look(ran: 5, waited: 7), to: waiting) == 2_000)
    }

    @Test("the first look is due when nothing was told for a while, and never again")
    func firstLook() {
        var starved = StarvedTime(at: 0)
        #expect(!starved.wantsFirstLook(at: millisecond))
        #expect(starved.wantsFirstLook(at: 2 * millisecond))
        starved.pass(to: 3 * millisecond) { look(ran: 0, waited: 0) }
        #expect(!starved.wantsFirstLook(at: 4 * millisecond))
        #expect(starved.wantsFirstLook(at: 5 * millisecond))
        starved.add(look(ran: 0, waited: 0), at: 5 * millisecond)
        #expect(!starved.wantsFirstLook(at: 100 * millisecond))
    }

    @Test("a server that ran a little and waits again is given all in which it did not run")
    func waitsAgain() {
        let waiting = look(ran: 15, waited: 27, isRunnable: true)
        #expect(starved(from: look(ran: 5, waited: 7), to: waiting) == 1_990)
        let asleep = look(ran: 15, waited: 27)
        #expect(starved(from: look(ran: 5, waited: 7), to: asleep) == 20)
    }

    @Test("while a scenario goes on briskly nobody looks")
    func brisk() {
        var starved = StarvedTime(at: 0)
        var looks = 0
        for time in 1...25 {
            starved.pass(to: Int64(time) * 10 * millisecond) {
                looks += 1
                return look(ran: 0, waited: 0)
            }
        }
        #expect(looks == 0)
        starved.pass(to: 300 * millisecond) {
            looks += 1
            return look(ran: 0, waited: 0)
        }
        #expect(looks == 1)
    }

    @Test("what comes byte by byte from who waits for a processor each time is not the clock's")
    func trickling() {
        var starved = StarvedTime(at: 0)
        starved.add(look(ran: 0, waited: 0), at: 0)
        var looks: Int64 = 0
        // Three of four milliseconds it waits, in front of each byte.
        for byte: Int64 in 1...1_000 {
            starved.pass(to: byte * 4 * millisecond) {
                looks += 1
                return look(ran: byte, waited: byte * 3)
            }
        }
        #expect((10...16).contains(looks))
        // What the last look has found is still owed, and what came after it was not looked at.
        #expect(starved.total > 2_500 * millisecond)
        #expect(starved.total <= 3_000 * millisecond)
    }

    @Test("the clock stands still at most, as long as something is owed")
    func standsStill() {
        var starved = StarvedTime(at: 0)
        starved.add(look(ran: 0, waited: 0), at: 0)
        starved.pass(to: 240 * millisecond) { nil }
        starved.pass(to: 255 * millisecond) { look(ran: 0, waited: 100) }
        #expect(starved.total == 15 * millisecond)
        starved.pass(to: 270 * millisecond) { nil }
        #expect(starved.total == 30 * millisecond)
        for time: Int64 in 28...60 { starved.pass(to: time * 10 * millisecond) { nil } }
        #expect(starved.total == 100 * millisecond)
    }

    @Test("the clock never runs backwards: what was told is not given again")
    func monotonic() {
        var starved = StarvedTime(at: 0)
        starved.add(look(ran: 0, waited: 0), at: 0)
        starved.pass(to: 15 * millisecond) { look(ran: 0, waited: 15) }
        starved.add(look(ran: 0, waited: 40), at: 40 * millisecond)
        #expect(starved.total == 25 * millisecond)
    }

    @Test("what a silence is given has an end, which what comes puts off")
    func bounded() {
        var starved = StarvedTime(at: 0)
        for second in 0..<1_000 {
            let time = Int64(second) * 1_000
            starved.add(look(ran: 0, waited: time), at: time * millisecond)
        }
        #expect(starved.total == 120_000 * millisecond)
        starved.noteNews()
        starved.add(look(ran: 0, waited: 1_000_000), at: 1_000_000 * millisecond)
        #expect(starved.total == 121_000 * millisecond)
    }
}
