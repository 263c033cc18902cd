// SPDX-License-Identifier: Apache-2.0

import Bytes
import ChatProtocols
import Posix
import Storage

/// What the command line asks the server to be.
struct ServerOptions {
    var chatProtocol: ChatProtocol
    var configuration = ServerConfiguration()
    /// The files that the protocol reads at the start.
    var files: [(file: ProtocolFile, path: String)] = []
    /// Those of them that must be given, and in which nothing stands.
    private(set) var blankFiles: [(file: ProtocolFile, path: String)] = []
    var address: SocketAddress
    var limits = ServerLimits()
    var logLevel = Log.Level.info
    /// The one thing to do wrong, if any.
    var fault: Fault?

    func makeServer() -> any ChatServer {
        fault?.makeServer(configuration) ?? chatProtocol.makeServer(configuration)
    }

    /// Reads the files that the protocol asks for, and sees that nothing is wrong with them.
    mutating func readFiles() throws(StartFileError) {
        for (file, path) in files {
            let contents = try ServerOptions.contents(path)
            if let problem = file.problem(contents) { throw .problem(path: path, problem) }
            configuration.give(contents: contents, of: file)
            let isBlank = contents.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
            if isBlank, !file.isOptional { blankFiles.append((file, path)) }
        }
    }

    /// Sees that the protocol can be served at the address that is listened on.
    func check(_ address: SocketAddress) throws(StartFileError) {
        let host = Array(address.host.description.utf8)
        guard let problem = chatProtocol.startProblem?(configuration, host, address.port) else {
            return
        }
        guard let path = files.first(where: { $0.file.name == problem.file })?.path else {
            throw .impossible(problem.reason)
        }
        throw .problem(path: path, FileProblem(line: problem.line, reason: problem.reason))
    }

    private static func contents(_ path: String) throws(StartFileError) -> [UInt8] {
        do throws(FileError) {
            return try Files.read(path, limit: ServerLimits.startFile)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Opens the database that the command line asks for, if it does.
    func openStore() throws -> ServerStore? {
        guard let schema = chatProtocol.store?.schema,
            let path = chatProtocol.storeFile(configuration)
        else { return nil }
        if let kind = Files.status(of: path)?.kind, kind != .regular {
            throw StartFileError.noDatabase(path: path, kind)
        }
        return try ServerStore(schema, path)
    }

    /// For the log: where a protocol that can store something keeps it.
    var keptWhere: String {
        guard chatProtocol.store != nil else { return "" }
        return chatProtocol.storeFile(configuration).map {
            ", database \(ByteEscaping.quoted($0.utf8))"
        }
            ?? ", all kept in memory and forgotten at the end"
    }

    /// For the log: `padded`, or `padded with the fault does-not-pad`.
    var servedAs: String {
        guard let fault else { return chatProtocol.name }
        return "\(chatProtocol.name) with the fault \(fault.name)"
    }
}

/// A file that a server cannot start with.
enum StartFileError: Error, CustomStringConvertible {
    case unreadable(FileError)
    case problem(path: String, FileProblem)
    case impossible(String)
    case noDatabase(path: String, FileKind)

    /// Reads like `users.txt:3: the password is missing; ...`.
    var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .impossible(let reason): reason
        case .noDatabase(let path, let kind):
            "\(path): is \(kind.rawValue), and a database is a file; give the path of a file, or a new "
                + "path"
        case .problem(let path, let problem): "\(path):\(problem.line): \(problem.reason)"
        }
    }
}
