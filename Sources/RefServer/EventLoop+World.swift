// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix
import Storage

/// What a machine is told of the world beside its connections: the time, and what is stored.
extension EventLoop {
    func tellAddress() {
        let address = listener.localAddress
        let host = Array(address.host.description.utf8)
        tellTime(somethingHappens: true)
        server.handle(.listening(host: host, port: address.port), into: &effects)
        performEffects()
        closeDoomed()
    }

    /// Tells the time at the beginning of a turn in which something happens, or when it is asked for.
    func tellTime(somethingHappens: Bool) {
        guard tellsTime else { return }
        let isDue = wakesAt.map { $0 <= MonotonicClock.now } ?? false
        guard somethingHappens || isDue else { return }
        let time = clock.now()
        if let due = wakesAt, due <= time.elapsed { wakesAt = nil }
        server.handle(.time(time), into: &effects)
        performEffects()
        closeDoomed()
    }

    /// Commits what the turn has asked for, and tells the machine, before anything of it is sent.
    ///
    /// What was held until then may ask for more, which is committed at once, too. Where a thread
    /// commits it is handed everything, and the machine told later.
    func commitWrites() {
        guard let store else { return }
        while store.hasWrites {
            for (ticket, error) in store.commit() { tell(ticket, error) }
        }
    }

    /// Tells the machine what a thread has committed.
    func tellOutcomes() {
        for (ticket, error) in store?.takeOutcomes() ?? [] { tell(ticket, error) }
    }

    private func tell(_ ticket: StoreTicket, _ error: DatabaseError?) {
        if let error {
            log.write(.warning, "a record is not stored: \(error)")
            server.handle(.notStored(ticket, StoreFailure(error)), into: &effects)
        } else {
            server.handle(.stored(ticket), into: &effects)
        }
        performEffects()
        closeDoomed()
    }
}
