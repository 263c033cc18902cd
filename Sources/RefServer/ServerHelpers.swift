// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Passwords
import Posix

/// The threads that do what would hold the loop up: passwords, and looking names up.
final class ServerHelpers {
    typealias PasswordResult = (ticket: PasswordTicket, outcome: PasswordOutcome)
    typealias LookUpResult = (ticket: LookUpTicket, addresses: [[UInt8]])

    let passwords: WorkTeam<PasswordWork, PasswordResult>?
    let lookUps: WorkTeam<(LookUpTicket, [UInt8]), LookUpResult>?

    /// Starts those that a protocol needs.
    init(
        _ chatProtocol: ChatProtocol,
        _ configuration: ServerConfiguration
    ) throws {
        if let cost = chatProtocol.passwordCost?(configuration) {
            // A hash maps and unmaps its memory, for which the other threads must not have to wait.
            Heap.growsSeldom()
            let hasher = try PasswordHasher(cost == .min ? .least : .interactive)
            passwords = try WorkTeam(
                threads: ServerLimits.passwordThreads,
                limit: ServerLimits.passwordQueue,
                inBackground: true
            ) { ($0.ticket, ServerHelpers.outcome(of: $0, hasher)) }
        } else {
            passwords = nil
        }
        lookUps =
            chatProtocol.looksUp
            ? try WorkTeam(threads: 1, limit: ServerLimits.lookUpQueue) {
                ($0.0, ServerHelpers.addresses(of: $0.1))
            } : nil
    }

    /// Ends the threads; what they had not begun is not done.
    func end() {
        passwords?.end()
        // A look-up may take as long as the network lets it.
        lookUps?.abandon()
    }

    private static func outcome(
        of work: PasswordWork,
        _ hasher: PasswordHasher
    ) -> PasswordOutcome {
        switch work.task {
        case .hash: hasher.hash(work.password).map { .hashed($0) } ?? .refused
        case .verify(let hash): .verified(hasher.verify(work.password, against: hash))
        }
    }

    private static func addresses(of host: [UInt8]) -> [[UInt8]] {
        let host = String(decoding: host, as: UTF8.self)
        let addresses = (try? Resolver.resolve(host: host, port: 0)) ?? []
        return addresses.compactMap { address in
            guard case .v4 = address.host else { return nil }
            return Array(address.host.description.utf8)
        }
    }
}

extension EventLoop {
    /// Hands work on a password to a thread, or refuses it where too much waits.
    func work(on password: PasswordWork) {
        if helpers?.passwords?.submit(password) == true { return }
        refusedPasswords.append(password.ticket)
        logRefusal(of: password.connection)
    }

    /// Says so once for each client: who asks again and again must not fill the log.
    private func logRefusal(of id: ConnectionID) {
        guard let client = connection(id), !client.hasRefusedPassword else { return }
        client.hasRefusedPassword = true
        log.write(
            .warning,
            "\(client.address) a password is not looked at: \(ServerLimits.passwordQueue) others "
                + "wait (said once for each client)")
    }

    /// Tells the machine what became of its work on passwords, now that some is done.
    func tellPasswords() {
        for (ticket, outcome) in helpers?.passwords?.takeResults() ?? [] {
            if outcome == .refused { log.write(.error, "a password is not hashed: no memory") }
            tell(ticket, outcome)
        }
    }

    /// Tells the machine which passwords are not looked at.
    func tellRefusedPasswords() {
        while let ticket = refusedPasswords.popLast() { tell(ticket, .refused) }
    }

    private func tell(_ ticket: PasswordTicket, _ outcome: PasswordOutcome) {
        server.handle(.password(ticket, outcome), into: &effects)
        performEffects()
        closeDoomed()
    }

    /// Finds addresses: at once those of a client, by a thread those of a name.
    func lookUp(_ ticket: LookUpTicket, _ lookUp: LookUp) {
        switch lookUp {
        case .client(let id):
            let host = connection(id)?.address.host
            found.append((ticket, host.map { [Array($0.description.utf8)] } ?? []))
        case .host(let name):
            if helpers?.lookUps?.submit((ticket, name)) != true { found.append((ticket, [])) }
        }
    }

    /// Takes what a thread has found.
    func takeLookUps() {
        found += helpers?.lookUps?.takeResults() ?? []
    }

    /// Tells the machine what addresses were found.
    func tellLookUps() {
        while !found.isEmpty {
            let (ticket, addresses) = found.removeFirst()
            server.handle(.lookedUp(ticket, addresses), into: &effects)
            performEffects()
            closeDoomed()
        }
    }

    /// A line that the machine has for the log.
    func log(_ text: Range<Int>, about id: ConnectionID?) {
        let address = id.flatMap { connection($0) }.map { "\($0.address): " } ?? ""
        effects.payloads.withUnsafeBytes { payloads in
            let text = UnsafeRawBufferPointer(rebasing: payloads[text])
            log.write(.warning, address + Log.escaped(text))
        }
    }
}
