// SPDX-License-Identifier: Apache-2.0

import ChatProtocols

/// Drives a machine without sockets and keeps what each client would have received.
struct World {
    private(set) var server: any ChatServer
    private var effects = EffectBuffer()
    private var received: [ConnectionID: [UInt8]] = [:]
    private(set) var closing: Set<ConnectionID> = []
    /// What was asked to be stored, for the test to answer.
    private(set) var writes: [StoreWrite] = []
    private(set) var wakesAt: Int64?
    private var nextSlot: UInt32 = 0

    init(_ server: any ChatServer) {
        self.server = server
    }

    mutating func connect() -> ConnectionID {
        let id = ConnectionID(slot: nextSlot, generation: 7)
        nextSlot += 1
        handle(.connected(id))
        return id
    }

    mutating func handle(_ event: ServerEvent) {
        server.handle(event, into: &effects)
        perform()
    }

    /// Hands bytes on until the machine wants no more of them; says how many it has taken.
    @discardableResult
    mutating func receive(_ bytes: some Sequence<UInt8>, from id: ConnectionID) -> Int {
        let bytes = Array(bytes)
        var taken = 0
        while taken < bytes.count {
            let count = server.receive(bytes.span.extracting(taken...), from: id, into: &effects)
            perform()
            guard count > 0 else { break }
            taken += count
        }
        return taken
    }

    /// Answers the writes that wait, each with what `outcome` says of it.
    mutating func store(_ outcome: (StoreWrite) -> StoreFailure? = { _ in nil }) {
        let writes = self.writes
        self.writes = []
        for write in writes {
            if let failure = outcome(write) {
                handle(.notStored(write.ticket, failure))
            } else {
                handle(.stored(write.ticket))
            }
        }
    }

    /// What a client has received since the last time it was asked.
    mutating func take(_ id: ConnectionID) -> [UInt8] {
        received.removeValue(forKey: id) ?? []
    }

    private mutating func perform() {
        for effect in effects.effects {
            switch effect {
            case .reply(let id, let payload):
                received[id, default: []] += effects.payloads[payload]
            case .deliver(let targets, let payload):
                for id in effects.targets[targets] {
                    received[id, default: []] += effects.payloads[payload]
                }
            case .close(let id), .abort(let id):
                closing.insert(id)
            case .store(let index):
                writes.append(effects.writes[index])
            case .wake(let elapsed):
                wakesAt = elapsed
            }
        }
        effects.removeAll()
    }
}
