// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix

extension EventLoop {
    func read(_ connection: Connection, isHangUp: Bool) {
        switch connection.phase {
        case .open where connection.asksForInput: readOnce(connection)
        case .open, .flushing: if isHangUp { doom(connection, .reset) }
        case .lingering: readAway(connection)
        }
    }

    private func readOnce(_ connection: Connection) {
        do {
            let input = connection.isWide ? wideInput : input
            switch try connection.socket.receive(into: input) {
            case .processed(let count):
                let bytes = UnsafeRawBufferPointer(rebasing: input[..<count])
                log.write(.debug, "\(connection.address) says \(shown(bytes))")
                feed(bytes.assumingMemoryBound(to: UInt8.self).span, from: connection)
            case .wouldBlock:
                break
            case .endOfStream:
                endInput(of: connection)
            case .reset:
                doom(connection, .reset)
            }
        } catch {
            doom(connection, .failed(error))
        }
    }

    /// What a client says, or how much, where that is nobody's business.
    private func shown(_ bytes: UnsafeRawBufferPointer) -> String {
        hidesInput ? "\(bytes.count) bytes" : Log.excerpt(bytes)
    }

    /// Tells the end of a paused client's input, and throws away what stands before it.
    func endPausedInput(of connection: Connection) {
        guard connection.wantsEnd, !connection.isDoomed else { return }
        connection.pending = []
        while !connection.isDoomed {
            switch try? connection.socket.receive(into: input) {
            case .processed: continue  // All that comes is here, as the end is.
            case .endOfStream: return endInput(of: connection)
            case .wouldBlock: return
            case .reset, nil: doom(connection, .reset)
            }
        }
    }

    private func endInput(of connection: Connection) {
        connection.inputClosed = true
        server.handle(.inputClosed(connection.id), into: &effects)
        performEffects()
        updateInterest(of: connection)
    }

    /// Hands bytes to the machine, and keeps those that it wants later.
    private func feed(_ bytes: Span<UInt8>, from connection: Connection) {
        // Seldom: a turn that causes so much sends some of it early.
        if effects.isFull { flushDirty() }
        let taken = server.receive(bytes, from: connection.id, into: &effects)
        performEffects()
        guard connection.phase == .open, !connection.isDoomed else { return }
        if taken < bytes.count {
            let rest = bytes.extracting(droppingFirst: taken)
            connection.pending = rest.withUnsafeBufferPointer { [UInt8]($0) }
        }
        if !connection.pending.isEmpty || connection.waiting > limits.sendQueue {
            markDirty(connection)
        }
    }

    /// Takes up input that was left, of those whose queue has room again.
    func resumePending() {
        guard !resuming.isEmpty else { return }
        let resumed = resuming
        resuming.removeAll()
        for connection in resumed where !connection.isDoomed && connection.phase == .open {
            connection.isResuming = false
            if connection.intake != .open || connection.pending.isEmpty { continue }
            let pending = connection.pending
            connection.pending = []
            feed(pending.span, from: connection)
            // Also where nothing was left and nothing is to be sent: it is read again.
            markDirty(connection)
            closeDoomed()
        }
    }

    /// Throws input away, so that closing does not reset the connection; whether there was some.
    @discardableResult
    func readAway(_ connection: Connection) -> Bool {
        guard case .lingering(let deadline, let bytesLeft) = connection.phase else { return false }
        switch try? connection.socket.receive(into: input) {
        case .processed(let count) where count < bytesLeft:
            connection.phase = .lingering(until: deadline, bytesLeft: bytesLeft - count)
            return true
        case .wouldBlock:
            return false
        case .processed, .endOfStream, .reset, nil:
            doom(connection, .finished)
            return false
        }
    }
}
