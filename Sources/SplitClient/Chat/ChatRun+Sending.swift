// SPDX-License-Identifier: Apache-2.0

import Posix

/// What goes out: what the machine asks for, and the segments whose time has come.
extension ChatRun {
    func perform(_ effects: [ChatEffect]) throws(SystemCallError) {
        for effect in effects where outcome == nil {
            switch effect {
            case .send(let message, let link):
                // After a connection is gone nobody waits for what would have gone there.
                guard let writer = link == .main ? main.writer : back?.writer else { continue }
                writer.append(message)
                if link == .back || isLeaving { writer.release() }
            case .show(let text): console.show(HarmlessText.lines(text))
            case .ask(let prompt): console.ask(prompt)
            case .listen: try listen()
            case .leave: isLeaving = true
            case .finish:
                main.writer.release()
                if finishing == .no { finishing = .sending }
            case .end(.asWished): outcome = .asWished
            case .end(.refused): outcome = .refused
            }
        }
        // No company will come for what a joining plan holds back while the server has the word.
        if machine.awaitsAnswer { main.writer.release() }
    }

    /// Sends what may be sent; how long to wait for anything else, `nil` where the run is over.
    func pump() throws(SystemCallError) -> Int64? {
        var wait = Int64.max
        for link in [main, back].compactMap({ $0 }) {
            let need = try link.writer.advance()
            link.setWaitsForRoom(need == .room, in: &poller)
            if link === main { wait = min(wait, giveUpIfNotTaken(need)) }
            switch need {
            case .nothing, .room: break
            case .look: wait = min(wait, backoff.next())
            case .time(let moment): wait = min(wait, max(0, moment - MonotonicClock.now))
            case .reset: if try isOver(afterResetOf: link) { return nil }
            }
        }
        try finishIfSent()
        if case .waiting(let end) = finishing { wait = min(wait, max(0, end - MonotonicClock.now)) }
        return wait
    }

    /// How long the server may still take nothing while something waits for that to leave.
    private func giveUpIfNotTaken(_ need: CutWriter.Need) -> Int64 {
        guard need == .room || need == .look, !main.writer.hasLeft, !isAttended else {
            taking.stop()
            return .max
        }
        guard let left = taking.left(for: main.writer.progress()) else {
            outcome = .notTaken
            return 0
        }
        return need == .room ? min(left, Self.nextLook) : left
    }

    /// Nothing announces that a server reads before the kernel has room for much more.
    private static var nextLook: Int64 { 100_000_000 }

    private func isOver(afterResetOf link: ChatConnection) throws(SystemCallError) -> Bool {
        // What came before the reset, perhaps the reason, can still be read.
        try receive(link, link === main ? .main : .back)
        if link === main { serverGone() }
        return outcome != nil
    }

    private func finishIfSent() throws(SystemCallError) {
        guard finishing == .sending, main.writer.hasLeft else { return }
        try main.socket.shutdownWrite()
        finishing = .waiting(until: MonotonicClock.deadline(after: options.wait))
    }
}
