// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Specs

/// What the server offers: by options, by its description, by placeholders of its launch line.
extension RunRequest {
    /// What `--feature` says, which must be known and have a value where one is due.
    static func features(_ parsed: ParsedCommand) throws(UsageError) -> [String: String] {
        var features: [String: String] = [:]
        let known = Need.features.map(\.rawValue)
        for text in parsed.values("feature") {
            let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) ?? text.utf8.endIndex
            let name = String(text[..<equals])
            guard known.contains(name) else {
                let near = Suggestion.nearest(to: name, in: known)
                let advice =
                    near.map { "did you mean \($0)?" }
                    ?? "possible are \(known.joined(separator: ", "))"
                throw parsed.usageError(
                    "--feature: there is no feature \(ByteEscaping.quoted(name.utf8)); \(advice)")
            }
            let value = String(text[equals...].dropFirst())
            if name == Need.moderators.rawValue, value.isEmpty {
                throw parsed.usageError(
                    "--feature moderators: the name of a moderator is missing; "
                        + "write moderators=NAME, or {moderator} in the launch line")
            }
            try refuse(name, value, parsed)
            features[name] = value
        }
        return features
    }

    /// A feature that is a time must be given as one.
    private static func refuse(
        _ name: String, _ value: String, _ parsed: ParsedCommand
    ) throws(UsageError) {
        guard Need.Time(rawValue: name) != nil, SpecTime.nanoseconds(value) == nil else { return }
        throw parsed.usageError(
            "--feature \(name): expected is a time, such as \(name)=300ms or \(name)=5s")
    }

    /// Takes up the accounts, of the file that is given or of the one that the runner writes.
    mutating func readAccounts(
        of document: ProtocolDocument, _ parsed: ParsedCommand
    ) throws(UsageError) {
        if let users {
            accounts = .listed(try AccountsFile.read(users, of: document, parsed))
        } else if case .launch(let line, _) = server, line.uses(.users) {
            guard document.accounts != nil else {
                throw parsed.usageError(
                    "--launch: {users} is a file of accounts, and servers of \(document.name) have "
                        + "none; leave it out")
            }
            accounts = .drawn(seed: seed)
        }
    }

    /// A placeholder in the launch line says that the server offers what it stands for.
    mutating func declareFeatures() {
        guard case .launch(let line, _) = server else { return }
        let declared: [(Placeholder, Need)] = [
            (.host, .bindAddress), (.users, .usersFile), (.peers, .peersFile),
            (.database, .database),
        ]
        for (placeholder, need) in declared where line.uses(placeholder) {
            features[need.rawValue] = features[need.rawValue] ?? ""
        }
        if line.uses(.moderator) {
            let name = features[Need.moderators.rawValue] ?? "Mod\(seed)"
            features[Need.moderators.rawValue] = name
        }
    }

    /// What `{moderator}` stands for.
    var moderator: String { features[Need.moderators.rawValue] ?? "" }

    var system: SystemUnderTest {
        var system: SystemUnderTest
        switch server {
        case .launch(let line, let isReused):
            system = SystemUnderTest(features: features, isLaunched: true, isFresh: !isReused)
            system.hasOwnPort = line.ownPort != nil
            system.isLocal = true
            system.placeholders = Set(Placeholder.allCases.filter(line.uses).map(\.rawValue))
        case .target(let target):
            system = SystemUnderTest(features: features, isLaunched: false, isFresh: false)
            system.isLocal = target.isLocal
        }
        system.accounts = accounts
        return system
    }
}

extension HostAndPort {
    /// Whether it names this machine by an address of the loopback network of IPv4.
    fileprivate var isLocal: Bool {
        host == "localhost" || IPAddress(parsing: host)?.isLoopback4 == true
    }
}
