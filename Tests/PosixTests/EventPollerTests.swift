// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct EventPollerTests {
    private func pairs(_ count: Int) throws -> [Connected] {
        try (0..<count).map { _ in try Connected() }
    }

    private func readyTokens(_ poller: inout EventPoller) throws -> [EventPoller.Token] {
        let count = try poller.wait(nanoseconds: 5 * second)
        return (0..<count).map { poller.ready($0).token }
    }

    @Test func aReadyDescriptorIsReportedUntilItIsRead() throws {
        let pair = try Connected()
        var poller = EventPoller()
        let token = poller.add(pair.server.descriptor, .readable)
        let before = try poller.pollNow()
        #expect(before == 0)
        _ = try pair.client.send([1])
        for _ in 0..<3 {
            let tokens = try readyTokens(&poller)
            #expect(tokens == [token])
        }
        _ = try receiving(pair.server)
        let after = try poller.pollNow()
        #expect(after == 0)
    }

    @Test func whatIsAskedForMayChange() throws {
        let pair = try Connected()
        var poller = EventPoller()
        let token = poller.add(pair.server.descriptor, .readable)
        let idle = try poller.pollNow()
        #expect(idle == 0)
        poller.update(token, .writable)
        let tokens = try readyTokens(&poller)
        #expect(tokens == [token])
        let isWritable = poller.ready(0).isWritable
        #expect(isWritable)
        poller.update(token, .readable)
        poller.update(token, .writable)
        poller.update(token, .readable)
        let changed = try poller.pollNow()
        #expect(changed == 0)
    }

    @Test func aRemovedTokenIsSilentAndTheOthersKeepTheirs() throws {
        let all = try pairs(3)
        var poller = EventPoller()
        let tokens = all.map { poller.add($0.server.descriptor, .writable) }
        _ = try poller.pollNow()
        poller.remove(tokens[0])
        let ready = try withExtendedLifetime(all) { try readyTokens(&poller) }
        #expect(Set(ready) == [tokens[1], tokens[2]])
        #expect(poller.count == 2)
    }

    @Test func aTokenIsGivenOutAgainOnlyAfterTheNextWait() throws {
        let all = try pairs(1)
        var poller = EventPoller()
        let first = poller.add(all[0].server.descriptor, .writable)
        poller.remove(first)
        let second = poller.add(all[0].server.descriptor, .writable)
        #expect(second != first)
        let tokens = try readyTokens(&poller)
        #expect(tokens == [second])
        let third = poller.add(all[0].client.descriptor, .writable)
        #expect(third == first)
        let both = try readyTokens(&poller)
        #expect(Set(both) == [second, third])
    }

    @Test func aDescriptorsNumberMayBeUsedAgainWhileItsFileLivesOn() throws {
        let (first, second) = (try Connected(), try Connected())
        let number = first.server.descriptor
        var poller = EventPoller()
        let old = poller.add(number, .writable)
        _ = try poller.pollNow()
        let copy = dup(number)
        defer { close(copy) }
        poller.remove(old)
        #expect(dup2(second.server.descriptor, number) == number)
        let new = poller.add(number, .writable)
        let tokens = try withExtendedLifetime((first, second)) { try readyTokens(&poller) }
        #expect(tokens == [new])
    }

    @Test func withoutAnInterestNothingIsReportedUntilThereIsOne() throws {
        let pair = try Connected()
        var poller = EventPoller()
        let token = poller.add(pair.server.descriptor, .writable)
        _ = try poller.pollNow()
        poller.update(token, nil)
        pair.client.abort()
        let paused = try poller.pollNow()
        #expect(paused == 0)
        poller.update(token, [])
        let tokens = try readyTokens(&poller)
        #expect(tokens == [token])
        let isHangUp = poller.ready(0).isHangUp
        #expect(isHangUp)
    }

    @Test func aWaitEndsAfterItsNanoseconds() throws {
        var poller = EventPoller()
        _ = poller.add(-1, .readable)
        let begin = MonotonicClock.now
        let count = try poller.wait(nanoseconds: 2_000_000)
        #expect(count == 0)
        #expect(MonotonicClock.now - begin >= 2_000_000)
    }

    @Test func moreThanOneWaitReturnsComesWithTheNextOnes() throws {
        let wakeUps = try (0..<600).map { _ in try WakeUp() }
        var poller = EventPoller()
        let tokens = wakeUps.map { poller.add($0.descriptor, .readable) }
        wakeUps.forEach { $0.wake() }
        var told: Set<EventPoller.Token> = []
        try withExtendedLifetime(wakeUps) {
            for _ in 0..<3 { told.formUnion(try readyTokens(&poller)) }
        }
        #expect(told == Set(tokens))
    }
}
