// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Posix
import Storage

/// What a machine keeps, in a database file: writes are gathered, and committed together.
///
/// They are committed in the turn, or by a thread of the store's own, as the schema says. The
/// thread has one batch at a time, so that what is asked for meanwhile makes the next one.
final class ServerStore {
    private let database: Database
    private let schema: StoreSchema
    private var waiting: [StoreWrite] = []
    private var team: WorkTeam<[StoreWrite], [Outcome]>?
    /// Whether the thread has a batch of which the machine has not been told.
    private var isCommitting = false

    /// Opens the file, or makes it; fails where it is not one of this protocol.
    init(_ schema: StoreSchema, _ path: String) throws(DatabaseError) {
        self.schema = schema
        let identity = Database.Identity(
            applicationID: schema.applicationID,
            versions: schema.versions
        )
        // SQLite's own files beside it get its rights. Where this fails SQLite says why.
        try? Files.makePrivate(path)
        database = try Database(path, identity, statements: schema.writes)
    }

    var path: String { database.path }

    /// Whether writes wait that can be committed now.
    var hasWrites: Bool { !waiting.isEmpty && !isCommitting }

    /// What to ask a poller about: readable when a thread's batch is done; `nil` without a thread.
    var descriptor: Int32? { team?.descriptor }

    /// Tells a machine what is stored.
    func load(
        into server: inout any ChatServer,
        _ effects: inout EffectBuffer
    ) throws(DatabaseError) {
        for load in schema.loads {
            try database.read(load.query) { row in
                let row = row.map(StoreValue.init)
                server.handle(.loaded(load.name, row: row), into: &effects)
            }
        }
    }

    /// Starts the thread, if the schema asks for one; from then on it alone uses the database.
    func start() throws(SystemCallError) {
        guard schema.commits == .aside else { return }
        let database = OwnedByThread(database)
        team = try WorkTeam(threads: 1, limit: 1) { ServerStore.write($0, to: database.value) }
    }

    /// Notes a record that is to be written with the next commit.
    func add(_ write: StoreWrite) { waiting.append(write) }

    /// What became of a write.
    typealias Outcome = (ticket: StoreTicket, error: DatabaseError?)

    /// Writes everything that waits, or has it written; gives what became of it in the turn, in the
    /// order of the asking.
    func commit() -> [Outcome] {
        let writes = waiting
        waiting = []
        guard let team else { return ServerStore.write(writes, to: database) }
        isCommitting = team.submit(writes)
        return []
    }

    /// What became of the thread's batch, where it is done.
    func takeOutcomes() -> [Outcome] {
        let results = team?.takeResults() ?? []
        if !results.isEmpty { isCommitting = false }
        return results.flatMap { $0 }
    }

    /// Writes all that there is and ends the thread; nobody is told any more.
    func finish() {
        while isCommitting, let team {
            // Seldom more than a moment: what is being written is waited for.
            var poller = Poller()
            _ = poller.add(team.descriptor, .readable)
            _ = try? poller.wait(nanoseconds: nil)
            _ = takeOutcomes()
        }
        team?.end()
        team = nil
        _ = commit()
    }

    private static func write(_ writes: [StoreWrite], to database: Database) -> [Outcome] {
        let errors = database.write(
            writes.map { write in
                write.steps.map { ($0.statement, $0.values.map(DatabaseValue.init)) }
            }
        )
        return zip(writes, errors).map { ($0.ticket, $1) }
    }
}

/// A database for the one thread that uses it.
private struct OwnedByThread: @unchecked Sendable {
    let value: Database

    init(_ value: Database) { self.value = value }
}

extension StoreValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .text(let bytes): self = .text(bytes)
        case .blob(let bytes): self = .blob(bytes)
        }
    }
}

extension DatabaseValue {
    fileprivate init(_ value: StoreValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .text(let bytes): self = .text(bytes)
        case .blob(let bytes): self = .blob(bytes)
        }
    }
}

extension StoreFailure {
    /// What a client may know: not where the file is.
    init(_ error: DatabaseError) {
        switch error.reason {
        case .full: self = .full
        case .conflict: self = .conflict
        case .cannotOpen, .readOnly, .readOnlyFolder, .locked, .corrupt, .foreign, .unversioned,
            .newer, .other:
            self = .other("the database cannot be written to")
        }
    }
}
