// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A set of descriptors to wait for, on `poll(2)`.
///
/// Level-triggered: a descriptor is reported by each wait for as long as it is ready. What the
/// kernel reads is one dense array, kept from wait to wait.
///
/// Rules:
/// - A token stays valid until it is removed, whatever moves in the array.
/// - A removed token is not given out again before the next wait has returned, so while the
///   readiness of one wait is worked through, no token means two descriptors. The caller skips
///   tokens that it has itself removed meanwhile.
/// - A blocking `poll` registers with every descriptor up to the first ready one, and registering
///   is half its cost. So busy descriptors belong in front, where they can be asked alone, and a
///   `pollNow` that finds something saves it altogether.
package struct Poller: ~Copyable {
    /// Names one registration: a small number, dense enough to index an array.
    package struct Token: Hashable, Sendable {
        package let index: Int

        package init(index: Int) {
            self.index = index
        }
    }

    private var entries: [pollfd] = []
    /// The token of each entry.
    private var owners: [Int] = []
    /// The entry of each token; -1 for a token that is free.
    private var positions: [Int] = []
    private var free: [Int] = []
    private var removedSinceWait: [Int] = []
    private var found: [Readiness] = []

    package init() {}

    package var count: Int { entries.count }

    /// Registers a descriptor, at the end of the array.
    ///
    /// An empty interest still reports errors and hang-ups.
    package mutating func add(_ descriptor: Int32, _ interest: Interest) -> Token {
        let token: Int
        if let reused = free.popLast() {
            token = reused
        } else {
            token = positions.count
            positions.append(-1)
        }
        positions[token] = entries.count
        owners.append(token)
        entries.append(pollfd(fd: descriptor, events: interest.rawValue, revents: 0))
        return Token(index: token)
    }

    /// Changes what is reported of a descriptor.
    package mutating func update(_ token: Token, _ interest: Interest) {
        entries[position(of: token)].events = interest.rawValue
    }

    /// Stops or resumes reporting a descriptor altogether, errors and hang-ups included.
    package mutating func setPaused(_ token: Token, _ paused: Bool) {
        let index = position(of: token)
        // poll ignores negative descriptors (poll(2)); the complement can be undone.
        let isPaused = entries[index].fd < 0
        if isPaused != paused { entries[index].fd = ~entries[index].fd }
    }

    /// Forgets a descriptor; to be done before it is closed, as its number may be used again.
    package mutating func remove(_ token: Token) {
        let index = position(of: token)
        swap(index, entries.count - 1)
        entries.removeLast()
        owners.removeLast()
        positions[token.index] = -1
        removedSinceWait.append(token.index)
    }

    /// Puts a busy descriptor last among the first `size`, unless it is one of them already.
    ///
    /// The first of these takes its place, the others go forward by one: in the front all stand in
    /// the order in which they came there.
    package mutating func enterFront(_ token: Token, of size: Int) {
        let place = position(of: token)
        guard size > 0, place >= size else { return }
        swap(0, place)
        for position in 1..<size { swap(position - 1, position) }
    }

    /// The place of a descriptor in the array.
    package func position(of token: Token) -> Int {
        precondition(
            positions.indices.contains(token.index) && positions[token.index] >= 0,
            "the token is not registered"
        )
        return positions[token.index]
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        guard first != second else { return }
        entries.swapAt(first, second)
        owners.swapAt(first, second)
        positions[owners[first]] = first
        positions[owners[second]] = second
    }

    /// Waits until a descriptor is ready or so many nanoseconds have passed; `nil` waits for ever.
    ///
    /// Returns how many are ready, to be read with `ready`: 0 also if a signal came.
    /// The corresponding C function is `ppoll`.
    package mutating func wait(nanoseconds: Int64?) throws(SystemCallError) -> Int {
        try wait(inFront: entries.count, nanoseconds: nanoseconds)
    }

    /// The same for the first `size` of the array alone: the others are not asked.
    package mutating func wait(
        inFront size: Int, nanoseconds: Int64?
    ) throws(SystemCallError) -> Int {
        free.append(contentsOf: removedSinceWait)
        removedSinceWait.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        let timeout = nanoseconds.map { max(0, $0) } ?? -1
        let result = entries.withUnsafeMutableBytes { bytes in
            cshim_poll(
                bytes.baseAddress,
                UInt64(min(max(0, size), bytes.count / MemoryLayout<pollfd>.stride)),
                timeout
            )
        }
        guard result >= 0 else {
            if errno == EINTR { return 0 }
            throw SystemCallError(call: "ppoll")
        }
        collect(Int(result), before: min(max(0, size), entries.count))
        return found.count
    }

    /// Asks what is ready now, without waiting.
    package mutating func pollNow() throws(SystemCallError) -> Int {
        try wait(nanoseconds: 0)
    }

    /// One result of the last wait, from 0 to its count, in the array's order.
    package func ready(_ index: Int) -> Readiness { found[index] }

    /// What stands behind `end` has not been asked: it still says what it said then.
    private mutating func collect(_ count: Int, before end: Int) {
        var index = 0
        while found.count < count, index < end {
            let events = entries[index].revents
            if events != 0 {
                found.append(Readiness(token: Token(index: owners[index]), events: events))
            }
            index += 1
        }
    }
}
