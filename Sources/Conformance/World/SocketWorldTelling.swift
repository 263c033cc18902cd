// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix

/// What the interpreter is told, and what it asks for then.
extension SocketWorld {
    func tell(_ event: WorldEvent) {
        events.append(event)
        tellQueued()
    }

    func tellQueued() {
        guard !isTelling else { return }
        isTelling = true
        defer { isTelling = false }
        var next = 0
        starved.pass(to: MonotonicClock.now) { processorWait }
        while next < events.count, !interpreter.isFinished {
            interpreter.handle(events[next], at: now)
            next += 1
            perform(interpreter.takeActions())
        }
        events.removeAll(keepingCapacity: true)
    }

    func perform(_ actions: [WorldAction]) {
        for action in actions where !interpreter.isFinished { perform(action) }
    }

    /// Reads once what the server has sent.
    func receive(_ link: SocketLink, from socket: Socket) {
        switch try? socket.receive(into: buffer) {
        case .processed(let count):
            receivedBytes += count
            link.bytesReceived += count
            reads += 1
            starved.noteNews()
            tell(.received(link.id, [UInt8](buffer[..<count])))
        case .wouldBlock: break
        case .endOfStream: end(link, .fin)
        // Other errors (ETIMEDOUT, EHOSTUNREACH) end a connection no more orderly than a reset.
        case .reset, nil: end(link, .reset)
        }
    }

    func end(_ link: SocketLink, _ kind: EndKind) {
        guard !link.hasEnded else { return }
        link.hasEnded = true
        watch(link)
        tell(.ended(link.id, kind))
    }
}
