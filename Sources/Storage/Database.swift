// SPDX-License-Identifier: Apache-2.0

/// A database file that belongs to this process alone, for as long as it is open.
///
/// Its journal is a write-ahead log; what is committed is on the disk, also after a power cut
/// (`synchronous = FULL`).
package final class Database {
    /// What the file must be, as its header says.
    package struct Identity: Sendable {
        /// `PRAGMA application_id`: whose file it is.
        package let applicationID: Int32
        /// The statements that lead from each `user_version` to the next, from an empty file on.
        package let versions: [[String]]

        package init(applicationID: Int32, versions: [[String]]) {
            self.applicationID = applicationID
            self.versions = versions
        }
    }

    /// A record: its statements, by name, and their values.
    package typealias Record = [(statement: String, values: [DatabaseValue])]

    private let connection: Connection
    private let statements: [String: Statement]
    private let begin: Statement
    private let commit: Statement
    private let rollback: Statement

    package var path: String { connection.path }

    /// Opens a file, makes it if there is none, and brings it to the latest version.
    ///
    /// A file that is not what it should be is left as it is.
    package init(
        _ path: String,
        _ identity: Identity,
        statements: [String: String]
    ) throws(DatabaseError) {
        connection = try Connection(path)
        try connection.takeOver(identity)
        var prepared: [String: Statement] = [:]
        for (name, sql) in statements { prepared[name] = try Statement(sql, connection) }
        self.statements = prepared
        begin = try Statement("BEGIN IMMEDIATE", connection)
        commit = try Statement("COMMIT", connection)
        rollback = try Statement("ROLLBACK", connection)
    }

    /// Hands on the rows of a query.
    package func read(
        _ query: String,
        _ handleRow: ([DatabaseValue]) -> Void
    ) throws(DatabaseError) {
        try Statement(query, connection).run([], handleRow)
    }

    /// Writes records, each whole or not at all; says for each what was wrong, or `nil`.
    ///
    /// All are committed together, so that many cost hardly more than one. If that fails each is
    /// tried by itself: one that cannot be written does not take the others with it.
    package func write(_ records: [Record]) -> [DatabaseError?] {
        guard records.count > 1 else { return records.map { failure(of: [$0]) } }
        guard failure(of: records) != nil else { return records.map { _ in nil } }
        return records.map { failure(of: [$0]) }
    }

    private func failure(of records: [Record]) -> DatabaseError? {
        do throws(DatabaseError) {
            try begin.run()
            for record in records { try run(record) }
            try commit.run()
            return nil
        } catch {
            // Some failures have ended the transaction already.
            if !connection.isIdle { try? rollback.run() }
            return error
        }
    }

    private func run(_ record: Record) throws(DatabaseError) {
        for (name, values) in record {
            guard let statement = statements[name] else {
                throw DatabaseError(path, .other, "there is no statement \(name)")
            }
            try statement.run(values)
        }
    }

    /// Bounds the size of the file, to see what happens on a full disk.
    func limit(pages: Int) throws(DatabaseError) {
        try connection.run("PRAGMA max_page_count = \(pages)")
    }
}
