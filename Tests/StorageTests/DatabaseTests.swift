// SPDX-License-Identifier: Apache-2.0

import Posix
import TestSupport
import Testing

@testable import Storage

@Suite("A database file")
struct DatabaseTests {
    private static let identity = Database.Identity(
        applicationID: 77,
        versions: [["CREATE TABLE word (id INTEGER PRIMARY KEY, word BLOB NOT NULL UNIQUE) STRICT"]]
    )

    private static let statements = [
        "add": "INSERT INTO word (word) VALUES (?)",
        "add text": "INSERT INTO word (word) VALUES (CAST(? AS BLOB))",
    ]

    private func open(
        _ folder: TemporaryFolder,
        _ identity: Database.Identity = identity,
        _ statements: [String: String] = statements
    ) throws(DatabaseError) -> Database {
        try Database(folder.path + "/x.db", identity, statements: statements)
    }

    private func words(_ database: Database) throws -> [[UInt8]] {
        var words: [[UInt8]] = []
        try database.read("SELECT word FROM word ORDER BY id") { row in
            if case .blob(let word)? = row.first { words.append(word) }
        }
        return words
    }

    private func add(_ word: [UInt8]) -> Database.Record { [("add", [.blob(word)])] }

    @Test("what is written is there when the file is opened again, to the byte")
    func writes() throws {
        let folder = try TemporaryFolder()
        let all: [[UInt8]] = [[], [0], Array(0...255), [UInt8](repeating: 7, count: 1 << 20)]
        do {
            let database = try open(folder)
            #expect(database.write(all.map(add)) == [nil, nil, nil, nil])
            #expect(database.write([[("add text", [.text(Array("é".utf8))])]]) == [nil])
        }
        #expect(try words(try open(folder)) == all + [Array("é".utf8)])
    }

    @Test("every kind of value comes back as it was given")
    func values() throws {
        let folder = try TemporaryFolder()
        let identity = Database.Identity(
            applicationID: 1, versions: [["CREATE TABLE v (a, b, c, d)"]])
        let database = try open(folder, identity, ["add": "INSERT INTO v VALUES (?, ?, ?, ?)"])
        let rows: [[DatabaseValue]] = [
            [.null, .integer(.min), .text(Array("a\0é".utf8)), .blob([0xFF])],
            [.text([]), .blob([]), .integer(.max), .null],
        ]
        for row in rows { #expect(database.write([[("add", row)]]) == [nil]) }
        var read: [[DatabaseValue]] = []
        try database.read("SELECT * FROM v") { read.append($0) }
        #expect(read == rows)
    }

    @Test("a record that contradicts the schema is left out whole, and takes no other with it")
    func conflict() throws {
        let database = try open(try TemporaryFolder())
        let twice: Database.Record = [("add", [.blob([2])]), ("add", [.blob([1])])]
        let errors = database.write([add([1]), twice, add([3])])
        #expect(errors.map { $0?.reason } == [nil, .conflict, nil])
        #expect(try words(database) == [[1], [3]])
        #expect(database.write([[("nothing", [])]]).map { $0?.reason } == [.other])
    }

    @Test(
        "on a full disk nothing of a record is written; what was there stays, and later it goes on")
    func full() throws {
        let folder = try TemporaryFolder()
        do {
            let database = try open(folder)
            #expect(database.write([add([1])]) == [nil])
            try database.limit(pages: 12)
            let large = [UInt8](repeating: 9, count: 100_000)
            let errors = database.write([
                add([2]), [("add", [.blob([3])]), ("add", [.blob(large)])],
            ])
            #expect(errors.map { $0?.reason } == [nil, .full])
            #expect(errors[1]?.description.hasSuffix("x.db: the disk is full") == true)
            try database.limit(pages: 1_000_000)
            #expect(database.write([add([4])]) == [nil])
        }
        #expect(try words(try open(folder)) == [[1], [2], [4]])
    }

    @Test("an older file is brought to the latest version, in one step")
    func upgrades() throws {
        let folder = try TemporaryFolder()
        _ = try open(folder).write([add([1])])
        let newer = Database.Identity(
            applicationID: 77,
            versions: Self.identity.versions + [["CREATE TABLE other (id INTEGER PRIMARY KEY)"]]
        )
        let wrong = Database.Identity(
            applicationID: 77,
            versions: Self.identity.versions + [["CREATE TABLE other (id)", "no SQL"]]
        )
        #expect(throws: DatabaseError.self) { try self.open(folder, wrong) }
        let database = try open(folder, newer, ["add": "INSERT INTO other DEFAULT VALUES"])
        #expect(database.write([[("add", [])]]) == [nil])
        #expect(try words(database) == [[1]])
    }

    @Test("a file of a later version is left as it is")
    func newer() throws {
        let folder = try TemporaryFolder()
        let later = Database.Identity(
            applicationID: 77, versions: Self.identity.versions + [[], []])
        _ = try open(folder, later)
        let error = #expect(throws: DatabaseError.self) { try self.open(folder) }
        #expect(error?.reason == .newer(version: 3, known: 1))
        #expect(
            error?.description
                == "\(folder.path)/x.db: has version 3, made by a later version of this program; "
                + "this one knows versions up to 1")
        _ = try open(folder, later)
    }

    @Test("a file that is marked as ours and has tables, but no version, is left as it is")
    func unversioned() throws {
        let folder = try TemporaryFolder()
        let bare = Database.Identity(applicationID: 77, versions: [])
        let error = #expect(throws: DatabaseError.self) {
            // Nothing leads to a version here; the table is made behind the database's back.
            let path = folder.path + "/x.db"
            try Connection(path).run("PRAGMA application_id = \(bare.applicationID)")
            try Connection(path).run("CREATE TABLE word (word)")
            _ = try self.open(folder)
        }
        #expect(error?.reason == .unversioned)
        #expect(error?.description.contains("has tables of this program but no version") == true)
    }

    @Test("a file of another program is left as it is")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let other = Database.Identity(applicationID: 78, versions: Self.identity.versions)
        _ = try open(folder, other)
        let error = #expect(throws: DatabaseError.self) { try self.open(folder) }
        #expect(error?.reason == .foreign)
        let plain = Database.Identity(applicationID: 0, versions: [["CREATE TABLE word (word)"]])
        let unmarked = try TemporaryFolder()
        _ = try open(unmarked, plain)
        #expect(#expect(throws: DatabaseError.self) { try self.open(unmarked) }?.reason == .foreign)
    }

    @Test("what is no database, and a damaged one, is told and left as it is")
    func corrupt() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x.db"
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000)
        try Files.write(text, to: path)
        #expect(#expect(throws: DatabaseError.self) { try self.open(folder) }?.reason == .corrupt)
        #expect(try Files.read(path) == text)
        let damaged = try TemporaryFolder()
        do {
            let database = try open(damaged)
            _ = database.write([add([UInt8](repeating: 1, count: 50_000))])
        }
        let bytes = try Files.read(damaged.path + "/x.db")
        try Files.write(
            bytes[..<100] + [UInt8](repeating: 0xA5, count: bytes.count - 100),
            to: damaged.path + "/x.db")
        #expect(#expect(throws: DatabaseError.self) { try self.open(damaged) }?.reason == .corrupt)
    }

    @Test("a folder, and a file in no folder, cannot be opened")
    func cannotOpen() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, folder.path + "/none/x.db"] {
            let error = #expect(throws: DatabaseError.self) {
                try Database(path, Self.identity, statements: [:])
            }
            #expect(error?.reason == .cannotOpen)
            #expect(error?.description.hasPrefix(path + ": cannot be opened (") == true)
        }
    }

    @Test("a name that means something else to SQLite is a file's name")
    func names() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/file:x?mode=memory"
        _ = try Database(path, Self.identity, statements: [:])
        #expect(try !Files.read(path).isEmpty)
    }
}
