// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Storage

/// What a machine keeps, in a database file: writes are gathered, and committed together.
final class ServerStore {
    private let database: Database
    private let schema: StoreSchema
    private var waiting: [StoreWrite] = []

    /// Opens the file, or makes it; fails where it is not one of this protocol.
    init(_ schema: StoreSchema, _ path: String) throws(DatabaseError) {
        self.schema = schema
        let identity = Database.Identity(
            applicationID: schema.applicationID,
            versions: schema.versions
        )
        database = try Database(path, identity, statements: schema.writes)
    }

    var path: String { database.path }

    var hasWrites: Bool { !waiting.isEmpty }

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

    /// Notes a record that is to be written with the next commit.
    func add(_ write: StoreWrite) { waiting.append(write) }

    /// What became of a write.
    typealias Outcome = (ticket: StoreTicket, error: DatabaseError?)

    /// Writes everything that waits; gives what became of it, in the order of the asking.
    func commit() -> [Outcome] {
        let writes = waiting
        waiting = []
        let errors = database.write(
            writes.map { write in
                write.steps.map { ($0.statement, $0.values.map(DatabaseValue.init)) }
            }
        )
        return zip(writes, errors).map { ($0.ticket, $1) }
    }
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
        case .cannotOpen, .readOnly, .locked, .corrupt, .foreign, .newer, .other:
            self = .other("the database cannot be written to")
        }
    }
}
