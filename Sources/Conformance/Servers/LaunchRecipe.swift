// SPDX-License-Identifier: Apache-2.0

import Posix
import Specs

/// What is started: a launch line, and what its placeholders stand for.
struct LaunchRecipe {
    let line: LaunchLine
    /// What `{specs}` stands for.
    let specs: String
    /// What `{moderator}` stands for.
    let moderator: String
    let files: LaunchFiles

    init(_ line: LaunchLine, specs: String, moderator: String, files: LaunchFiles) {
        self.line = line
        self.specs = specs
        self.moderator = moderator
        // A server is told of no peers where no scenario says otherwise.
        self.files = files.contents[.peers] == nil ? files.adding([.peers: []]) : files
    }

    func command(at address: SocketAddress, in directory: String?) -> Command {
        var command = Command(words(address, directory))
        command.directory = line.directory
        command.environment = line.environment
        command.output = .pipe
        command.errorOutput = .pipe
        return command
    }

    private func words(_ address: SocketAddress, _ directory: String?) -> [String] {
        line.command { placeholder in
            switch placeholder {
            case .port: String(address.port)
            case .host: address.host.description
            case .dir: directory ?? ""
            case .specs: specs
            case .users: files.path(of: .users, in: directory)
            case .peers: files.path(of: .peers, in: directory)
            case .database: (directory ?? "") + "/database"
            case .moderator: moderator
            }
        }
    }

    /// A new directory with these files; `nil` where the launch line wants none.
    func makeDirectory(with files: LaunchFiles) throws(LaunchFailure) -> String? {
        guard line.uses(.dir) || line.uses(.database) || self.files.areWanted(by: line) else {
            return nil
        }
        let directory = try temporaryDirectory()
        try write(files, into: directory)
        return directory
    }

    private func temporaryDirectory() throws(LaunchFailure) -> String {
        do {
            // Where servers are told of a directory, they may run programs there, which is often
            // forbidden in memory.
            return try Files.makeTemporaryDirectory(
                prefix: "conformance", inMemory: !line.uses(.dir))
        } catch {
            throw LaunchFailure(reason: .unprepared(error.description), command: [line.text])
        }
    }

    private func write(_ files: LaunchFiles, into directory: String) throws(LaunchFailure) {
        do {
            try files.write(for: line, into: directory)
        } catch {
            try? Files.removeTree(directory)
            throw LaunchFailure(reason: .unprepared(error.description), command: [line.text])
        }
    }
}
