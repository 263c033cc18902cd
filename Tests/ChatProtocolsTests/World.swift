// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import TestSupport

/// Drives a machine without sockets and keeps what each client would have received.
struct World {
    private(set) var server: any ChatServer
    private var effects = EffectBuffer()
    private var received: [ConnectionID: [UInt8]] = [:]
    /// How many answers were handed on by reference.
    private(set) var sharedReplies = 0
    private(set) var closing: Set<ConnectionID> = []
    /// What was asked to be stored, for the test to answer.
    private(set) var writes: [StoreWrite] = []
    /// The work on passwords that was asked for, for the test to answer.
    private(set) var passwordWork: [PasswordWork] = []
    private(set) var lookUps: [(ticket: LookUpTicket, lookUp: LookUp)] = []
    private(set) var logged: [String] = []
    /// How many of those lines are about a connection.
    private(set) var loggedAbout = 0
    /// Those of whom more is read at once.
    private(set) var wide: Set<ConnectionID> = []
    /// Those whose sending is waited for.
    private(set) var sending: [ConnectionID] = []
    /// Those who read nothing, so that what is sent to them never leaves.
    var stuck: Set<ConnectionID> = []
    private(set) var wakesAt: Int64?
    /// What was asked to be connected to, and not given up, for the test to answer.
    private(set) var connects: [ConnectTicket: ConnectTarget] = [:]
    private(set) var paused: Set<ConnectionID> = []
    /// What was handed to the machine and left there, to be handed on when it wants it.
    private var left: [ConnectionID: [UInt8]] = [:]
    private(set) var aborted: Set<ConnectionID> = []
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
        if case .closed(let id) = event { left[id] = nil }
        handOn()
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

    /// Hands bytes on as the event loop does: what a paused client sends, when it is resumed.
    mutating func hand(_ bytes: some Sequence<UInt8>, from id: ConnectionID) {
        left[id, default: []] += bytes
        handOn()
    }

    private mutating func handOn() {
        tellSent()
        while let next = left.first(where: { !$0.value.isEmpty && !paused.contains($0.key) }) {
            let taken = receive(next.value, from: next.key)
            tellSent()
            left[next.key]?.removeFirst(taken)
            if taken == 0, !paused.contains(next.key) { break }
        }
    }

    /// Tells that what was sent has left, to all but those who are stuck.
    private mutating func tellSent() {
        while let place = sending.firstIndex(where: { !stuck.contains($0) }) {
            server.handle(.sent(sending.remove(at: place)), into: &effects)
            perform()
        }
    }

    /// Answers what was asked to be connected to: with a connection, or with a refusal.
    mutating func answerConnect(_ ticket: ConnectTicket, accepts: Bool) -> ConnectionID? {
        connects[ticket] = nil
        guard accepts else {
            handle(.refused(ticket))
            return nil
        }
        let id = ConnectionID(slot: nextSlot, generation: 7)
        nextSlot += 1
        handle(.connectedOut(ticket, id))
        return id
    }

    /// Tells the time, in seconds since the start.
    mutating func tell(seconds: Double) {
        let elapsed = Int64(seconds * 1_000_000_000)
        let local = LocalTime(year: 2000, month: 1, day: 1, hour: 0, minute: 0, second: 0)
        handle(.time(ServerTime(elapsed: elapsed, local: local)))
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

    /// Does the work on passwords that waits; a hash is the password with `#` before it.
    mutating func workOnPasswords(_ outcome: (PasswordWork) -> PasswordOutcome? = { _ in nil }) {
        let all = passwordWork
        passwordWork = []
        for work in all {
            handle(.password(work.ticket, outcome(work) ?? work.usualOutcome))
        }
    }

    /// Answers what is to be looked up.
    mutating func answerLookUps(_ addresses: (LookUp) -> [String]) {
        let all = lookUps
        lookUps = []
        for (ticket, lookUp) in all {
            handle(.lookedUp(ticket, addresses(lookUp).map { Array($0.utf8) }))
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
            case .replyShared(let id, let index):
                received[id, default: []] += effects.sharedPayloads[index].bytes
                sharedReplies += 1
            case .deliver(let targets, let payload):
                for id in effects.targets[targets] {
                    received[id, default: []] += effects.payloads[payload]
                }
            case .close(let id):
                closing.insert(id)
            case .abort(let id):
                closing.insert(id)
                aborted.insert(id)
            case .connect(let ticket, let target):
                connects[ticket] = target
            case .cancelConnect(let ticket):
                connects[ticket] = nil
            case .pause(let id), .hold(let id):
                paused.insert(id)
            case .resume(let id):
                paused.remove(id)
            case .store(let index):
                writes.append(effects.writes[index])
            case .password(let index):
                passwordWork.append(effects.passwordWork[index])
            case .lookUp(let ticket, let lookUp):
                lookUps.append((ticket, lookUp))
            case .log(let text, let connection):
                logged.append(String(decoding: effects.payloads[text], as: UTF8.self))
                if connection != nil { loggedAbout += 1 }
            case .tellWhenSent(let id):
                sending.append(id)
            case .wake(let elapsed):
                wakesAt = elapsed
            case .widen(let id):
                wide.insert(id)
            }
        }
        effects.removeAll()
    }
}
