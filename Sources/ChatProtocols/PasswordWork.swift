// SPDX-License-Identifier: Apache-2.0

/// A machine's own number for work on a password, by which it is told what became of it.
package struct PasswordTicket: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// Work on a password that takes long, on purpose: it is done beside the machine.
///
/// It is shown without the password, wherever it is shown.
package struct PasswordWork: Equatable, Sendable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    package enum Task: Equatable, Sendable {
        /// Make what may be stored.
        case hash
        /// Compare with what was stored; with `nil`, an unknown user's, it takes as long and fails.
        case verify(hash: [UInt8]?)
    }

    package let ticket: PasswordTicket
    /// Who asks for it.
    package let connection: ConnectionID
    package let password: [UInt8]
    package let task: Task

    package init(
        ticket: PasswordTicket, of connection: ConnectionID, password: [UInt8], task: Task
    ) {
        self.ticket = ticket
        self.connection = connection
        self.password = password
        self.task = task
    }

    package var description: String { "password work \(ticket.number)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What became of work on a password.
package enum PasswordOutcome: Equatable, Sendable {
    /// What may be stored: ASCII without NUL.
    case hashed([UInt8])
    case verified(Bool)
    /// Too much other work waits, or memory is short.
    case refused
}

/// How much work a password is, for who makes a server that hashes some.
package enum PasswordCost: String, CaseIterable, Sendable {
    /// 64 MiB and some 90 ms, what Argon2id's library suggests for logins.
    case interactive
    /// As little as it goes, for tests: no protection.
    case min
}
