// SPDX-License-Identifier: Apache-2.0

import Posix

/// What comes in: lines from the console, messages from the server, their ends.
extension ChatRun {
    func readConsole(_ ready: Readiness) throws(SystemCallError) {
        if ready.isInvalid { return try endInput([]) }
        switch try console.read() {
        case .lines(let lines): try type(lines)
        case .end(let last): try endInput(last)
        }
    }

    private func type(_ lines: [[UInt8]]) throws(SystemCallError) {
        for line in lines where outcome == nil { try perform(machine.typed(line)) }
    }

    private func endInput(_ last: [[UInt8]]) throws(SystemCallError) {
        inputHasEnded = true
        try type(last)
        try perform(machine.inputEnded())
    }

    func receive(_ link: ChatConnection, _ name: ChatLink) throws(SystemCallError) {
        switch try link.socket.receive(into: buffer) {
        case .processed(let count):
            link.append(buffer[..<count])
            try hear(link, name)
        case .wouldBlock: break
        case .endOfStream, .reset:
            guard name == .main else { return drop(link) }
            serverGone()
        }
    }

    private func hear(_ link: ChatConnection, _ name: ChatLink) throws(SystemCallError) {
        while outcome == nil, let message = link.nextMessage() {
            try perform(machine.received(message, on: name))
        }
        guard outcome == nil, link.unfinished > Self.longestMessage else { return }
        outcome = .endlessMessage
    }

    func serverGone() {
        guard outcome == nil else { return }
        outcome = isLeaving || finishing != .no ? .asWished : .serverGone
    }
}
