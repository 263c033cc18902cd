// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A set of descriptors to wait for, on `epoll(7)`: a wait costs by what is ready, not by how many
/// there are.
///
/// Level-triggered, and told in turn: where more is ready than one wait returns, the next begins
/// with the rest. For sockets, pipes, and what else can be waited for: a regular file cannot.
///
/// Rules:
/// - A token stays valid until it is removed, and is not given out again before the next wait has
///   returned. The caller skips tokens that it has itself removed meanwhile.
/// - What is added and changed is told to the kernel by the next wait: what changes twice in
///   between, or is gone by then, costs nothing.
/// - A negative descriptor is never ready.
package struct EventPoller: ~Copyable {
    package typealias Token = Poller.Token

    private struct Entry {
        var descriptor: Int32
        /// `nil` while nothing is to be reported.
        var wanted: Interest?
        /// What the kernel has been told; `nil` for nothing.
        var known: Interest?
        /// Whether it is among those that have changed.
        var hasChanged = false
    }

    /// By token; those that are free have no descriptor.
    private var entries: [Entry] = []
    private var free: [Int] = []
    private var removedSinceWait: [Int] = []
    private var changed: [Int] = []
    /// Made by the first wait.
    private var epoll: Descriptor?
    private let events = UnsafeMutablePointer<cshim_event>.allocate(capacity: Int(CSHIM_EVENTS))

    package init() {}

    deinit { events.deallocate() }

    package var count: Int { entries.count - free.count - removedSinceWait.count }

    /// Registers a descriptor.
    ///
    /// An empty interest still reports errors and hang-ups.
    package mutating func add(_ descriptor: Int32, _ interest: Interest) -> Token {
        let entry = Entry(descriptor: descriptor, wanted: interest)
        let token: Int
        if let reused = free.popLast() {
            token = reused
            entries[token] = entry
        } else {
            token = entries.count
            entries.append(entry)
        }
        noteChange(of: token)
        return Token(index: token)
    }

    /// Changes what is reported of a descriptor; with `nil` nothing is, errors and hang-ups included.
    package mutating func update(_ token: Token, _ interest: Interest?) {
        entries[token.index].wanted = interest
        noteChange(of: token.index)
    }

    /// Forgets a descriptor; to be done before it is closed, as its number may be used again.
    package mutating func remove(_ token: Token) {
        let entry = entries[token.index]
        if entry.known != nil, let epoll {
            _ = cshim_epoll_remove(epoll.number, entry.descriptor)
        }
        // Among those that have changed it may still be, as one without anything to be told.
        entries[token.index] = Entry(descriptor: -1, hasChanged: entry.hasChanged)
        removedSinceWait.append(token.index)
    }

    private mutating func noteChange(of token: Int) {
        guard !entries[token].hasChanged, entries[token].wanted != entries[token].known else {
            return
        }
        entries[token].hasChanged = true
        changed.append(token)
    }

    /// Waits until a descriptor is ready or so many nanoseconds have passed; `nil` waits for ever.
    ///
    /// Returns how many are ready, to be read with `ready`: 0 also if a signal came.
    /// The corresponding C functions are `epoll_ctl` and `epoll_pwait2`.
    package mutating func wait(nanoseconds: Int64?) throws(SystemCallError) -> Int {
        let epoll = try readyEpoll()
        try tellChanges(to: epoll.number)
        free.append(contentsOf: removedSinceWait)
        removedSinceWait.removeAll(keepingCapacity: true)
        let timeout = nanoseconds.map { max(0, $0) } ?? -1
        let result = cshim_epoll_wait(epoll.number, events, timeout)
        guard result >= 0 else {
            if errno == EINTR { return 0 }
            throw SystemCallError(call: "epoll_pwait2")
        }
        return Int(result)
    }

    private mutating func readyEpoll() throws(SystemCallError) -> Descriptor {
        if let epoll { return epoll }
        let made = Descriptor(owning: try checked("epoll_create1") { cshim_epoll() })
        epoll = made
        return made
    }

    private mutating func tellChanges(to epoll: Int32) throws(SystemCallError) {
        guard !changed.isEmpty else { return }
        for token in changed {
            entries[token].hasChanged = false
            try tell(token, to: epoll)
        }
        changed.removeAll(keepingCapacity: true)
    }

    private mutating func tell(_ token: Int, to epoll: Int32) throws(SystemCallError) {
        let entry = entries[token]
        guard entry.descriptor >= 0, entry.wanted != entry.known else { return }
        entries[token].known = entry.wanted
        try checked("epoll_ctl") {
            guard let wanted = entry.wanted else {
                return cshim_epoll_remove(epoll, entry.descriptor)
            }
            let event = cshim_event(
                events: UInt32(UInt16(bitPattern: wanted.rawValue)), number: UInt32(token))
            return entry.known == nil
                ? cshim_epoll_add(epoll, entry.descriptor, event)
                : cshim_epoll_change(epoll, entry.descriptor, event)
        }
    }

    /// Asks what is ready now, without waiting.
    package mutating func pollNow() throws(SystemCallError) -> Int {
        try wait(nanoseconds: 0)
    }

    /// One result of the last wait, from 0 to its count, in the order in which they became ready.
    package func ready(_ index: Int) -> Readiness {
        precondition((0..<Int(CSHIM_EVENTS)).contains(index), "no such result")
        let event = events[index]
        return Readiness(
            token: Token(index: Int(event.number)), events: Int16(truncatingIfNeeded: event.events))
    }
}
