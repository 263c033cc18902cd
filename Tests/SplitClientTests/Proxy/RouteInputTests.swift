// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("What comes in for one direction of a proxy")
struct RouteInputTests {
    @Test("it is counted to its end, and only the first end counts")
    func counting() {
        var input = RouteInput(delay: 0, injection: nil)
        #expect(input.take(10, 0) == 10)
        #expect(input.takesMore)
        input.finish(.fin, 1)
        input.finish(.reset, 2)
        #expect(input.end == .fin)
        #expect(input.count == 10)
        #expect(!input.takesMore)
        #expect(input.take(5, 3) == 0)
        #expect(input.count == 10)
        #expect(input.hasEnded(1))
    }

    @Test("an end is injected after exactly so many bytes, wherever reads end")
    func injecting() {
        for sizes in [[10], [7, 3], [3, 4, 3], [6, 1, 1, 1, 1]] {
            var input = RouteInput(delay: 0, injection: Injection(kind: .reset, offset: 7))
            #expect(sizes.map { input.take($0, 0) }.reduce(0, +) == 7)
            #expect(input.end == .injectedReset)
            #expect(input.count == 7)
        }
        let none = RouteInput(delay: 0, injection: Injection(kind: .fin, offset: 0))
        #expect(none.end == .injectedFin)
    }

    @Test("a stream that is shorter than that ends as it does")
    func shorter() {
        var input = RouteInput(delay: 0, injection: Injection(kind: .fin, offset: 100))
        #expect(input.take(99, 0) == 99)
        input.finish(.reset, 0)
        #expect(input.end == .reset)
    }

    @Test("what is delayed leaves in its order, each so much later, and then the end")
    func delay() {
        var input = RouteInput(delay: 50, injection: nil)
        input.hold([1], 100)
        input.hold([2], 120)
        input.finish(.fin, 125)
        #expect(input.nextMoment == 150)
        #expect(input.takeDue(149) == nil)
        #expect(input.takeDue(150) == [1])
        #expect(input.takeDue(150) == nil)
        #expect(!input.hasEnded(180))
        #expect(input.takeDue(170) == [2])
        #expect(input.nextMoment == 175)
        #expect(!input.hasEnded(174))
        #expect(input.hasEnded(175))
    }

    @Test("what waits for its time is bounded")
    func bound() {
        var input = RouteInput(delay: 50, injection: nil)
        var count = 0
        while input.takesMore {
            input.hold([UInt8](repeating: 0, count: 65_536), 0)
            count += 65_536
        }
        #expect(count == RouteInput.limit)
        while input.takeDue(50) != nil {}
        #expect(input.takesMore)
    }

    @Test("an end in order becomes a reset where its side was reset")
    func turning() {
        var input = RouteInput(delay: 0, injection: nil)
        input.turnIntoReset()
        #expect(input.end == nil)
        input.finish(.fin, 0)
        input.turnIntoReset()
        #expect(input.end == .reset)
    }
}

@Suite("The time that bytes may be held")
struct FlushTimerTests {
    @Test("it runs from the first byte that is held, not from the last")
    func first() {
        var timer = FlushTimer(patience: 20)
        #expect(timer.due == nil)
        timer.update(isHolding: true, hasLetGo: false, 100)
        timer.update(isHolding: true, hasLetGo: false, 110)
        #expect(timer.due == 120)
    }

    @Test("it begins anew when something was let go, and ends when nothing is held")
    func again() {
        var timer = FlushTimer(patience: 20)
        timer.update(isHolding: true, hasLetGo: false, 100)
        timer.update(isHolding: true, hasLetGo: true, 110)
        #expect(timer.due == 130)
        timer.update(isHolding: false, hasLetGo: true, 115)
        #expect(timer.due == nil)
    }
}
