// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Specs

/// The file that describes the server under test (`--sut`), with its place.
struct SUTFile: Equatable {
    let path: String
    private let description: SystemDescription

    var features: [String: String] { description.features }
    var isReused: Bool { description.isReused }
    /// Nanoseconds.
    var startLimit: Int64? { description.startLimit }

    /// Reads the file that the command line names; `nil` where it names none.
    static func read(_ parsed: ParsedCommand) throws(SuiteFailure) -> SUTFile? {
        guard let path = parsed.value("sut") else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: 1 << 20)
        } catch {
            throw .usage(
                parsed.usageError(
                    "--sut: \(ByteEscaping.escape(path.utf8)): \(error.cause.reason); expected is "
                        + "a JSON file that describes a server"))
        }
        let log = ProblemLog()
        let file = SpecFile(path: path, bytes: bytes)
        let description = file.node(log: log).map {
            SystemDescription(reading: $0, file: path, log: log)
        }
        guard let description, log.isEmpty else { throw .problems(log.problems) }
        return SUTFile(path: path, description: description)
    }

    /// The server that it describes.
    func server(_ parsed: ParsedCommand) throws(UsageError) -> RunRequest.Server {
        let shown = "--sut: \(ByteEscaping.escape(path.utf8))"
        if let text = description.target {
            guard let target = HostAndPort(parsing: text), target.port != 0 else {
                throw parsed.usageError(
                    "\(shown): 'target' is \(ByteEscaping.quoted(text.utf8)), where HOST:PORT is "
                        + "due, such as localhost:5000 or [::1]:5000")
            }
            guard !parsed.flag("reuse") else {
                throw parsed.usageError("--reuse is about launched servers; \(path) has a target")
            }
            return .target(target)
        }
        do {
            var line = try LaunchLine(
                parsing: description.launch ?? "", ownPort: description.port)
            line.directory = directory
            line.environment = description.environment
            return .launch(line, isReused: description.isReused || parsed.flag("reuse"))
        } catch {
            throw parsed.usageError("\(shown): \(error)")
        }
    }

    /// The file of the server's accounts.
    var users: String? { description.users.map(placed) }

    /// Where the server is started.
    private var directory: String {
        description.directory.map(placed) ?? PathText.folder(of: path)
    }

    /// Paths are relative to the file's folder.
    private func placed(_ own: String) -> String {
        own.utf8.first == UInt8(ascii: "/") ? own : PathText.join(PathText.folder(of: path), own)
    }
}

extension RunRequest {
    /// What the command line asks for, with what the file that it names says of the server.
    static func reading(_ parsed: ParsedCommand) throws(SuiteFailure) -> RunRequest {
        let description = try SUTFile.read(parsed)
        do {
            return try RunRequest(parsed, description)
        } catch {
            throw .usage(error)
        }
    }
}
