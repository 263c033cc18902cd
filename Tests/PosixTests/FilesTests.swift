// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite final class FilesTests {
    private let directory: String

    init() throws {
        directory = try Files.makeTemporaryDirectory(prefix: "chatspec-files")
    }

    deinit { try? Files.removeTree(directory) }

    @Test("a file holds what was written", arguments: [0, 1, 4096, 100_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Files.write(bytes, to: "\(directory)/file")
        #expect(try Files.read("\(directory)/file") == bytes)
        #expect(try Files.entries(of: directory) == ["file"])
    }

    @Test func whatNeedNotOutliveTheMachineIsInMemoryWhereThereIsRoom() throws {
        let made = try Files.makeTemporaryDirectory(prefix: "chatspec-files", inMemory: true)
        defer { try? Files.removeTree(made) }
        var facts = statvfs()
        let isThere = access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &facts) == 0
        let hasRoom = isThere && UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= 1 << 30
        let given = getenv("TMPDIR").map { String(cString: $0) }
        #expect(made.hasPrefix(given ?? (hasRoom ? "/dev/shm/" : "/tmp/")))
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: FileError.self) { try Files.read("\(directory)/none") }
        #expect(error?.description == "\(directory)/none: No such file or directory (ENOENT)")
    }

    @Test func aFileOverItsLimitIsTooLarge() throws {
        try Files.write([1, 2, 3], to: "\(directory)/file")
        let error = #expect(throws: FileError.self) {
            try Files.read("\(directory)/file", limit: 2)
        }
        #expect(error?.cause.code == EFBIG)
        #expect(try Files.read("\(directory)/file", limit: 3) == [1, 2, 3])
    }

    @Test func aDirectoryIsNoFile() {
        let error = #expect(throws: FileError.self) { try Files.read(directory) }
        #expect(error?.cause.code == EISDIR)
    }

    @Test func aFailedWriteLeavesNothingBeside() throws {
        try Files.makeDirectories("\(directory)/taken/inside")
        #expect(throws: FileError.self) { try Files.write([1], to: "\(directory)/taken") }
        #expect(try Files.entries(of: directory) == ["taken"])
    }

    @Test func directoriesAreMadeWithAllAboveThem() throws {
        try Files.makeDirectories("\(directory)/a/b//c/")
        try Files.makeDirectories("\(directory)/a/b/c")
        #expect(Files.isDirectory("\(directory)/a/b/c"))
        try Files.write([], to: "\(directory)/a/file")
        let error = #expect(throws: FileError.self) {
            try Files.makeDirectories("\(directory)/a/file/x")
        }
        #expect(error?.path == "\(directory)/a/file")
    }

    @Test func entriesAreSortedByTheirBytes() throws {
        for name in ["b", "a", "B", "é", "10", "9"] {
            try Files.write([], to: "\(directory)/\(name)")
        }
        #expect(try Files.entries(of: directory) == ["10", "9", "B", "a", "b", "é"])
    }

    @Test func removingATreeFollowsNoLink() throws {
        try Files.makeDirectories("\(directory)/tree/deep/er")
        try Files.write([1], to: "\(directory)/kept")
        try Files.write([1], to: "\(directory)/tree/deep/file")
        symlink("..", "\(directory)/tree/deep/up")
        symlink("\(directory)/kept", "\(directory)/tree/link")
        try Files.removeTree("\(directory)/tree")
        try Files.removeTree("\(directory)/tree")
        #expect(try Files.entries(of: directory) == ["kept"])
    }

    @Test func aTreeThatIsTooDeepIsRefused() throws {
        let deep = String(repeating: "/d", count: 70)
        try Files.makeDirectories(directory + deep)
        let error = #expect(throws: FileError.self) { try Files.removeTree("\(directory)/d") }
        #expect(error?.cause.code == ELOOP)
        // From half-way down it is shallow enough.
        try Files.removeTree(directory + String(deep.prefix(40)))
        try Files.removeTree("\(directory)/d")
        #expect(try Files.entries(of: directory) == [])
    }

    @Test func ourOwnProgramExists() throws {
        #expect(Files.exists(try Files.executablePath()))
        #expect(Files.isDirectory(try Files.currentDirectory()))
        #expect(Environment.value("PATH") != nil)
        #expect(Environment.value("CHATSPEC_SURELY_NOT_SET") == nil)
    }
}
