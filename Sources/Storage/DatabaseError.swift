// SPDX-License-Identifier: Apache-2.0

internal import CSQLite

/// Why a database could not be used, or a statement not be carried out.
package struct DatabaseError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case cannotOpen
        case readOnly
        /// The file may be written to, but none can be made beside it.
        case readOnlyFolder
        /// Another process has it open.
        case locked
        /// No database, or a damaged one.
        case corrupt
        /// A database of another program.
        case foreign
        /// Marked as ours, with tables, and without a version.
        case unversioned
        /// Made by a later version of the program.
        case newer(version: Int32, known: Int32)
        case full
        /// A constraint of the schema does not hold.
        case conflict
        case other
    }

    /// The file.
    package let path: String
    package let reason: Reason
    /// What SQLite says.
    package let detail: String

    init(_ path: String, _ reason: Reason, _ detail: String = "") {
        self.path = path
        self.reason = reason
        self.detail = detail
    }

    /// Names the file, what is wrong with it, and what would be right.
    package var description: String { "\(path): \(message)" }

    /// The same without the file, for who may not know where it is.
    package var message: String {
        switch reason {
        case .cannotOpen:
            "cannot be opened (\(detail)); give a file that may be read and written, in a folder "
                + "that may be written to"
        case .readOnly: "may not be written to; give another file, or the right to write this one"
        case .readOnlyFolder:
            "its folder may not be written to, and SQLite keeps a log beside the file; give a file "
                + "in another folder, or the right to write in this one"
        case .locked: "another process has it open; a database belongs to one server at a time"
        case .corrupt: "no database, or a damaged one (\(detail)); give another file, or none"
        case .foreign: "a database of another program; give another file"
        case .unversioned:
            "has tables of this program but no version: it was not made whole, or was changed by "
                + "something else; give another file, or a copy from before"
        case .newer(let version, let known):
            "has version \(version), made by a later version of this program; this one knows "
                + "versions up to \(known)"
        case .full: "the disk is full"
        case .conflict: "contradicts what is stored (\(detail))"
        case .other: detail
        }
    }
}

extension DatabaseError {
    /// `SQLITE_READONLY_DIRECTORY`, a macro that Swift does not see.
    fileprivate static let readOnlyDirectory: Int32 = SQLITE_READONLY | 6 << 8
}

extension DatabaseError.Reason {
    /// From a result code of SQLite, extended or not.
    init(code: Int32) {
        if code == DatabaseError.readOnlyDirectory {
            self = .readOnlyFolder
            return
        }
        switch code & 0xFF {
        case SQLITE_CANTOPEN: self = .cannotOpen
        case SQLITE_READONLY, SQLITE_PERM: self = .readOnly
        case SQLITE_BUSY, SQLITE_LOCKED: self = .locked
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
        case SQLITE_FULL: self = .full
        case SQLITE_CONSTRAINT: self = .conflict
        default: self = .other
        }
    }
}
