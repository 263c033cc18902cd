// SPDX-License-Identifier: Apache-2.0

extension Connection {
    /// Makes sure that the file is ours and that nobody else has it, and brings it up to date.
    ///
    /// Nothing is changed before all has been looked at.
    func takeOver(_ identity: Database.Identity) throws(DatabaseError) {
        if isReadOnly { throw DatabaseError(path, .readOnly) }
        // Before the first read: then the log needs no memory that is shared with other processes,
        // and the lock is held until the end.
        try run("PRAGMA locking_mode = EXCLUSIVE")
        let version = try check(identity)
        try run("PRAGMA journal_mode = WAL")
        try run("PRAGMA synchronous = FULL")
        try upgrade(from: version, identity)
    }

    /// The version of a file that is ours; 0 for an empty one.
    private func check(_ identity: Database.Identity) throws(DatabaseError) -> Int {
        let owner = try integer("PRAGMA application_id") ?? 0
        let version = try integer("PRAGMA user_version") ?? 0
        let tables = try integer("SELECT count(*) FROM sqlite_schema") ?? 0
        let isEmpty = owner == 0 && version == 0 && tables == 0
        guard isEmpty || owner == Int64(identity.applicationID), version >= 0 else {
            throw DatabaseError(path, .foreign)
        }
        // Negative is what nobody of us has written.
        guard version > 0 || tables == 0 else { throw DatabaseError(path, .unversioned) }
        let known = identity.versions.count
        guard version <= known else {
            let version = Int32(truncatingIfNeeded: version)
            let known = Int32(truncatingIfNeeded: known)
            throw DatabaseError(path, .newer(version: version, known: known))
        }
        return Int(version)
    }

    /// All steps take effect, or none does.
    ///
    /// Writes in any case, so that a file that cannot be written is found out now.
    private func upgrade(
        from version: Int,
        _ identity: Database.Identity
    ) throws(DatabaseError) {
        try run("BEGIN IMMEDIATE")
        do throws(DatabaseError) {
            for statement in identity.versions[version...].joined() { try run(statement) }
            try run("PRAGMA application_id = \(identity.applicationID)")
            try run("PRAGMA user_version = \(identity.versions.count)")
            try run("COMMIT")
        } catch {
            if !isIdle { try? run("ROLLBACK") }
            throw error
        }
    }
}
