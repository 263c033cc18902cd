// SPDX-License-Identifier: Apache-2.0

internal import CSQLite

/// An open database file, which closes itself when nobody refers to it.
final class Connection {
    let handle: OpaquePointer
    let path: String

    /// Opens a file, or makes an empty one.
    ///
    /// The corresponding C function is `sqlite3_open_v2`. A name that looks like an URI is a name.
    init(_ path: String) throws(DatabaseError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(Self.fileName(path), &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let detail = String(cString: sqlite3_errmsg(handle))
            sqlite3_close_v2(handle)
            throw DatabaseError(path, DatabaseError.Reason(code: code), detail)
        }
        self.handle = handle
        self.path = path
        sqlite3_extended_result_codes(handle, 1)
        // A server that was told to stop may still be closing the file.
        sqlite3_busy_timeout(handle, 1000)
    }

    deinit { sqlite3_close_v2(handle) }

    /// `:memory:` and the like mean no file to SQLite.
    private static func fileName(_ path: String) -> String {
        path.hasPrefix("/") ? path : "./\(path)"
    }

    /// What SQLite says has gone wrong.
    func error(_ code: Int32) -> DatabaseError {
        let detail = String(cString: sqlite3_errmsg(handle))
        return DatabaseError(path, DatabaseError.Reason(code: code), detail)
    }

    /// Carries out a statement that gives no rows of interest.
    func run(_ sql: String) throws(DatabaseError) {
        try Statement(sql, self).run()
    }

    /// The one number that a statement gives.
    func integer(_ sql: String) throws(DatabaseError) -> Int64? {
        var number: Int64?
        try Statement(sql, self).run { row in
            if case .integer(let value)? = row.first { number = value }
        }
        return number
    }

    /// Whether no transaction is open.
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Whether SQLite could open the file for reading only.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }
}
