// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// The line on standard error that says how far a split run is, where a person looks at it.
struct SplitProgress {
    private let console: Console
    private var lastShown = Int64.min

    private static let interval: Int64 = 40_000_000

    init(_ console: Console) { self.console = console }

    /// `what` is being done; `id` may be as long as it likes.
    mutating func show(_ what: String, _ id: String, left: Int64? = nil) {
        guard console.showsProgress else { return }
        let now = MonotonicClock.now
        guard lastShown == .min || now >= lastShown &+ Self.interval else { return }
        lastShown = now
        let time = left.map { ", \(max(0, $0) / 1_000_000_000) s left" } ?? ""
        let shown = String(ByteEscaping.escape(id.utf8).prefix(48))
        console.complain("\r[\(what)\(time)] \(shown)\u{1B}[K")
    }

    func clear() {
        if console.showsProgress, lastShown != .min { console.complain("\r\u{1B}[K") }
    }
}
