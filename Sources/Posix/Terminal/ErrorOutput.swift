// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Standard error, for a program that must not wait for who reads it.
///
/// The descriptor is not made non-blocking, as other programs share it: before each write it is asked
/// whether there is room, and no more is written at once than a pipe with room takes whole
/// (`PIPE_BUF`). What it does not take waits, up to a bound, and texts beyond that are lost and
/// counted. Not for several threads.
package final class ErrorOutput {
    private let descriptor: Int32
    private let limit: Int
    private let lossText: (Int) -> String
    /// What waits, behind `start`.
    private var waiting: [UInt8] = []
    private var start = 0
    /// Texts that were lost since the last that was taken.
    private var lost = 0

    /// `limit` is how many bytes may wait; `loss` what is written when so many texts were lost.
    package convenience init(limit: Int, loss: @escaping (Int) -> String) {
        self.init(descriptor: STDERR_FILENO, limit: limit, loss: loss)
    }

    /// For another descriptor, which stays the caller's.
    package init(descriptor: Int32, limit: Int, loss: @escaping (Int) -> String) {
        self.descriptor = descriptor
        self.limit = limit
        lossText = loss
    }

    /// Whether something waits.
    package var isWaiting: Bool { start < waiting.count }

    /// Writes a text, or keeps it, or loses it.
    package func write(_ text: String) {
        writeWaiting()
        keep(text)
        writeWaiting()
    }

    /// Keeps a text for the next `writeWaiting`, so that several are one write; or loses it.
    package func writeLater(_ text: String) {
        if waiting.count - start + text.utf8.count > Int(PIPE_BUF) { writeWaiting() }
        keep(text)
    }

    private func keep(_ text: String) {
        noteLoss()
        guard waiting.count - start + text.utf8.count <= limit else {
            lost += 1
            return
        }
        waiting += text.utf8
    }

    /// Writes what is taken now of what waits.
    package func writeWaiting() { writeWaiting(until: 0) }

    /// Writes what waits, if that takes no longer than so many nanoseconds.
    package func end(within nanoseconds: Int64) {
        noteLoss()
        writeWaiting(until: MonotonicClock.deadline(after: nanoseconds))
    }

    /// Says that texts were lost, as soon as there is room for that.
    private func noteLoss() {
        guard lost > 0, waiting.count - start <= limit / 2 else { return }
        waiting += Array(lossText(lost).utf8)
        lost = 0
    }

    private func writeWaiting(until deadline: Int64) {
        while isWaiting, (try? waitForOne(descriptor, .writable, until: deadline)) == true {
            guard writeSome() else { break }
        }
        guard start > 0, start > waiting.count / 2 else { return }
        waiting.removeFirst(start)
        start = 0
    }

    /// Writes as much as is taken without waiting; `false` where that is nothing.
    ///
    /// The corresponding C function is `write`.
    private func writeSome() -> Bool {
        let end = min(waiting.count, start + Int(PIPE_BUF))
        let count = waiting[start..<end].withUnsafeBytes { buffer in
            retryingOnInterrupt { Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
        }
        if count >= 0 {
            start += count
        } else if errno == EAGAIN {
            return false
        } else {
            // Closed, or on a full disk: there is nowhere left to tell of it.
            start = waiting.count
        }
        return count > 0
    }
}
