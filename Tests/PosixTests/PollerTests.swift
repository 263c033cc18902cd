// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite struct PollerTests {
    private func pairs(_ count: Int) throws -> [Connected] {
        try (0..<count).map { _ in try Connected() }
    }

    private func readyTokens(_ poller: inout Poller) throws -> [Poller.Token] {
        let count = try poller.wait(nanoseconds: 5 * second)
        return (0..<count).map { poller.ready($0).token }
    }

    @Test func aReadyDescriptorIsReportedUntilItIsRead() throws {
        let pair = try Connected()
        var poller = Poller()
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

    @Test func readinessComesInTheOrderOfTheArrayAndTokensStay() throws {
        let all = try pairs(3)
        var poller = Poller()
        let tokens = all.map { poller.add($0.server.descriptor, .writable) }
        let inOrder = try readyTokens(&poller)
        #expect(inOrder == tokens)
        poller.enterFront(tokens[2], of: 1)
        let moved = try readyTokens(&poller)
        #expect(moved == [tokens[2], tokens[1], tokens[0]])
        let position = poller.position(of: tokens[0])
        #expect(position == 2)
    }

    @Test func whoEntersTheFrontPushesOutWhoCameThereFirst() throws {
        let all = try pairs(5)
        var poller = Poller()
        let tokens = all.map { poller.add($0.server.descriptor, .writable) }
        poller.enterFront(tokens[4], of: 3)
        let moved = try readyTokens(&poller)
        #expect(moved == [1, 2, 4, 3, 0].map { tokens[$0] })
        poller.enterFront(tokens[1], of: 3)
        let after = try readyTokens(&poller)
        #expect(after == moved, "it stands there already")
        let positions = tokens.map { poller.position(of: $0) }
        #expect(positions == [4, 0, 1, 3, 2])
    }

    @Test func theFrontIsAskedAlone() throws {
        let all = try pairs(3)
        var poller = Poller()
        let tokens = all.map { poller.add($0.server.descriptor, .writable) }
        let everything = try readyTokens(&poller)
        #expect(everything == tokens)
        poller.update(tokens[0], .readable)
        let count = try poller.wait(inFront: 2, nanoseconds: 0)
        #expect(count == 1, "what stands behind is not asked, nor told as of before")
        let first = poller.ready(0).token
        #expect(first == tokens[1])
        poller.update(tokens[1], .readable)
        let none = try poller.wait(inFront: 2, nanoseconds: 0)
        #expect(none == 0)
        let more = try poller.wait(inFront: 9, nanoseconds: 0)
        #expect(more == 1)
    }

    @Test func aRemovedTokenIsSilentAndTheOthersKeepTheirs() throws {
        let all = try pairs(3)
        var poller = Poller()
        let tokens = all.map { poller.add($0.server.descriptor, .writable) }
        poller.remove(tokens[0])
        let ready = try readyTokens(&poller)
        #expect(Set(ready) == [tokens[1], tokens[2]])
        poller.update(tokens[2], .readable)
        // A client that is gone would make its server readable.
        let changed = try withExtendedLifetime(all) { try readyTokens(&poller) }
        #expect(changed == [tokens[1]])
    }

    @Test func aTokenIsGivenOutAgainOnlyAfterTheNextWait() throws {
        let all = try pairs(1)
        var poller = Poller()
        let first = poller.add(all[0].server.descriptor, .readable)
        poller.remove(first)
        let second = poller.add(all[0].server.descriptor, .readable)
        #expect(second != first)
        _ = try poller.pollNow()
        let third = poller.add(all[0].client.descriptor, .readable)
        #expect(third == first)
    }

    @Test func aPausedDescriptorIsNotReportedUntilItIsResumed() throws {
        let pair = try Connected()
        var poller = Poller()
        let token = poller.add(pair.server.descriptor, .writable)
        poller.setPaused(token, true)
        poller.setPaused(token, true)
        let paused = try poller.pollNow()
        #expect(paused == 0)
        poller.setPaused(token, false)
        let resumed = try poller.pollNow()
        #expect(resumed == 1)
    }

    @Test func aWaitEndsAfterItsNanoseconds() throws {
        var poller = Poller()
        let begin = MonotonicClock.now
        let count = try poller.wait(nanoseconds: 2_000_000)
        #expect(count == 0)
        #expect(MonotonicClock.now - begin >= 2_000_000)
    }

    @Test func aResetIsReportedWithoutInterest() throws {
        let pair = try Connected()
        var poller = Poller()
        let token = poller.add(pair.server.descriptor, [])
        pair.client.abort()
        let tokens = try readyTokens(&poller)
        #expect(tokens == [token])
        let isHangUp = poller.ready(0).isHangUp
        #expect(isHangUp)
    }

    @Test func aWakeUpFromAnywhereMakesItsDescriptorReadableOnce() throws {
        let wakeUp = try WakeUp()
        var poller = Poller()
        _ = poller.add(wakeUp.descriptor, .readable)
        wakeUp.wake()
        wakeUp.wake()
        let woken = try poller.pollNow()
        #expect(woken == 1)
        wakeUp.reset()
        let after = try poller.pollNow()
        #expect(after == 0)
    }
}
