// SPDX-License-Identifier: Apache-2.0

internal import CSQLite

/// A prepared statement, which ends itself when nobody refers to it.
final class Statement {
    private let handle: OpaquePointer
    private let database: Connection

    /// The corresponding C function is `sqlite3_prepare_v3`.
    init(_ sql: String, _ database: Connection) throws(DatabaseError) {
        var handle: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = sqlite3_prepare_v3(database.handle, sql, -1, flags, &handle, nil)
        guard code == SQLITE_OK, let handle else { throw database.error(code) }
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// Carries the statement out, and hands on each row that it gives.
    ///
    /// The corresponding C functions are `sqlite3_bind_*`, `sqlite3_step` and `sqlite3_reset`.
    func run(
        _ values: [DatabaseValue] = [],
        _ handleRow: ([DatabaseValue]) -> Void = { _ in }
    ) throws(DatabaseError) {
        // What a failed step says is said again by the reset, and has been read by then.
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() { try bind(value, Int32(index + 1)) }
        while true {
            let code = sqlite3_step(handle)
            guard code == SQLITE_ROW else {
                if code == SQLITE_DONE { return }
                throw database.error(code)
            }
            handleRow((0..<sqlite3_column_count(handle)).map(column))
        }
    }

    private func bind(_ value: DatabaseValue, _ index: Int32) throws(DatabaseError) {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let number): sqlite3_bind_int64(handle, index, number)
            case .text(let bytes):
                bytes.withUnsafeBytes { bytes in
                    let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                    let count = UInt64(bytes.count)
                    let utf8 = UInt8(SQLITE_UTF8)
                    return start == nil
                        ? sqlite3_bind_text(handle, index, "", 0, csqlite_copy())
                        : sqlite3_bind_text64(handle, index, start, count, csqlite_copy(), utf8)
                }
            case .blob(let bytes):
                bytes.withUnsafeBytes { bytes in
                    // No address would mean NULL.
                    bytes.isEmpty
                        ? sqlite3_bind_zeroblob(handle, index, 0)
                        : sqlite3_bind_blob64(
                            handle, index, bytes.baseAddress, UInt64(bytes.count), csqlite_copy())
                }
            }
        guard code == SQLITE_OK else { throw database.error(code) }
    }

    private func column(_ index: Int32) -> DatabaseValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, index))
        case SQLITE_NULL: .null
        case SQLITE_BLOB: .blob(bytes(sqlite3_column_blob(handle, index), index))
        default: .text(bytes(UnsafeRawPointer(sqlite3_column_text(handle, index)), index))
        }
    }

    private func bytes(_ start: UnsafeRawPointer?, _ index: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(handle, index))
        guard let start, count > 0 else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}
