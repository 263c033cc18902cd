// SPDX-License-Identifier: Apache-2.0

/// What a protocol keeps in a database, as data; whoever serves it knows the database.
///
/// The statements are SQL as SQLite knows it. A machine names them and gives values; it never sees
/// the database. At the start it is told what is there, row by row (``ServerEvent/loaded``); later
/// it asks for writes (``Effect/store``) and is told what became of them.
package struct StoreSchema: Sendable {
    /// What tells the protocol's files from other programs' (`PRAGMA application_id`).
    package let applicationID: Int32

    /// The statements that lead from each version to the next, the first ones from an empty file.
    ///
    /// A file of version n has been through the first n of them (`PRAGMA user_version`).
    package let versions: [[String]]

    /// What may be written, by name.
    package let writes: [String: String]

    /// What is read at the start, in this order.
    package let loads: [StoreLoad]

    /// When what is asked for is written.
    package enum Commits: Sendable {
        /// At the end of the turn, before anything of it is sent: nobody waits longer than that.
        case inTurn
        /// By a thread of its own, in turns of its own: nothing else waits for the disk.
        case aside
    }

    package let commits: Commits

    init(
        applicationID: Int32,
        versions: [[String]],
        writes: [String: String],
        loads: [StoreLoad],
        commits: Commits = .inTurn
    ) {
        self.applicationID = applicationID
        self.versions = versions
        self.writes = writes
        self.loads = loads
        self.commits = commits
    }
}

/// A query whose rows a machine is told at the start.
package struct StoreLoad: Sendable {
    package let name: String
    package let query: String
}

/// A value of a column.
package enum StoreValue: Hashable, Sendable {
    case null
    case integer(Int64)
    /// UTF-8 without NUL.
    case text([UInt8])
    case blob([UInt8])
}

/// A machine's own number for a write, by which it is told what became of it.
package struct StoreTicket: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// One record to be written: all its statements take effect, or none does.
package struct StoreWrite: Equatable, Sendable {
    /// A statement of the schema's ``StoreSchema/writes`` and its values, in their order.
    package struct Step: Equatable, Sendable {
        package let statement: String
        package let values: [StoreValue]
    }

    package let ticket: StoreTicket
    package let steps: [Step]
}

/// Why a record was not written.
package enum StoreFailure: Equatable, Sendable {
    case full
    /// What the schema demands does not hold: a name is there already.
    case conflict
    /// Anything else, in words for a log or a client.
    case other(String)

    /// Ends a sentence: "the disk is full".
    package var reason: String {
        switch self {
        case .full: "the disk is full"
        case .conflict: "it contradicts what is stored"
        case .other(let reason): reason
        }
    }
}
