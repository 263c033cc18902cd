// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import ConformanceCore

/// What the machine asks for, done at once and without ever failing.
extension InMemoryExecutor {
    mutating func performEffects() {
        // Telling the server of a close makes further effects.
        while !effects.isEmpty {
            let current = effects
            effects.removeAll()
            for effect in current.effects { perform(effect, of: current) }
        }
        while let id = resumed.popLast() { feed(id) }
    }

    private mutating func perform(_ effect: Effect, of buffer: EffectBuffer) {
        switch effect {
        case .reply(let target, let payload):
            deliver(Array(buffer.payloads[payload]), to: target)
        case .replyShared(let target, let index):
            deliver(buffer.sharedPayloads[index].bytes, to: target)
        case .deliver(let targets, let payload):
            for target in buffer.targets[targets] {
                deliver(Array(buffer.payloads[payload]), to: target)
            }
        case .close(let target): end(target, .fin)
        case .abort(let target): end(target, .reset)
        case .store(let index):
            // As if the disk were never full.
            server.handle(.stored(buffer.writes[index].ticket), into: &effects)
        case .wake(let elapsed): wakesAt = elapsed
        case .connect(let ticket, let target): connect(ticket, target)
        // Nobody answers who is swallowed, so nothing is on its way.
        case .cancelConnect: break
        case .pause(let client), .hold(let client): connections[client]?.isPaused = true
        case .resume(let client):
            connections[client]?.isPaused = false
            resumed.append(client)
        case .password(let index):
            let work = buffer.passwordWork[index]
            server.handle(.password(work.ticket, work.usualOutcome), into: &effects)
        case .lookUp(let ticket, let lookUp):
            server.handle(.lookedUp(ticket, addresses(lookUp)), into: &effects)
        case .log, .widen: break
        case .tellWhenSent(let client): server.handle(.sent(client), into: &effects)
        }
    }

    /// Names of hosts stand for nobody.
    private func addresses(_ lookUp: LookUp) -> [[UInt8]] {
        switch lookUp {
        case .client(let connection): [connections[connection]?.host].compactMap { $0 }
        case .host: []
        }
    }

    private mutating func deliver(_ bytes: [UInt8], to target: ConnectionID) {
        guard let connection = connections[target], connection.isOpen else { return }
        if connection.isReading, let link = connection.link {
            events.append(.received(link, bytes))
        } else {
            connections[target]?.held += bytes
        }
    }

    private mutating func end(_ target: ConnectionID, _ kind: EndKind) {
        guard let connection = connections[target], connection.isOpen else { return }
        connections[target]?.isOpen = false
        connections[target]?.end = kind
        if let link = connection.link { events.append(.ended(link, kind)) }
        noteTaken(target)
        server.handle(.closed(target), into: &effects)
    }
}
