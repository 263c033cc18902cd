// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Reports
import Specs

/// Everything that `run` was asked for.
struct RunRequest {
    enum Server: Equatable {
        case launch(LaunchLine, isReused: Bool)
        case target(HostAndPort)
    }

    /// Which scenarios leave a capture.
    enum Capture: String, CaseIterable {
        case failures
        case all
        case none

        func isWanted(of verdict: Verdict) -> Bool {
            switch self {
            case .all: true
            case .none: false
            case .failures: ![.pass, .observed, .skipped].contains(verdict)
            }
        }
    }

    /// Which scenarios leave their whole transcript in the report.
    enum Transcripts: String, CaseIterable {
        case all
        case failures

        var selection: TranscriptSelection {
            switch self {
            case .all: .all
            case .failures: .unsuccessful
            }
        }
    }

    var server: Server
    var only: [Glob]
    var seed: UInt64
    var isStrict: Bool
    var timeout: Int64
    var scale: Int64
    var split: SplitSelection?
    var pace: Pace
    var capture: Capture
    var transcripts: Transcripts
    /// Scenarios that are run side by side; 1 where the server is one for all.
    var jobs: Int
    /// What was asked for and cannot be.
    var notes: [String] = []
    /// How often all cases are run, at most.
    var rounds: Int
    /// No round follows one in which a case failed.
    var endsAtFailedRound: Bool
    /// The report whose unsuccessful cases are run.
    var rerun: String?
    /// The report goes to standard output, in place of the text.
    var printsJSON: Bool
    /// Where the report goes; `nil` for a folder of its own under `results/`.
    var report: String?
    var failsFast: Bool
    var exitsZero: Bool
    var features: [String: String]
    /// The file that names the accounts of the server under test.
    var users: String?
    /// Those accounts, once the file has been read.
    var accounts = AccountPool.none
    var specs: String?

    /// The file that describes the server, where one does.
    var description: SUTFile?

    /// Reads the options; throws at the first that cannot be.
    init(_ parsed: ParsedCommand, _ description: SUTFile? = nil) throws(UsageError) {
        self.description = description
        server = try Self.server(parsed, description)
        only = parsed.values("only").map(Glob.init)
        seed = try parsed.unsignedInteger("seed") ?? Self.drawnSeed()
        isStrict = parsed.flag("strict")
        timeout = try parsed.duration("timeout")?.nanoseconds ?? 2_000_000_000
        scale = Int64(try parsed.integer("timeout-scale", in: 1...1000) ?? 1)
        split = try parsed.value("split", parsing: SplitSelection.init(parsing:))
        pace = try parsed.value("pace", expected: Pace.expected, Pace.init(parsing:)) ?? .drained
        let captures = Capture.allCases.map(\.rawValue).joined(separator: ", ")
        capture = try parsed.value("capture", expected: captures, Capture.init) ?? .failures
        let kept = Transcripts.allCases.map(\.rawValue).joined(separator: ", ")
        transcripts =
            try parsed.value("transcripts", expected: kept, Transcripts.init) ?? .failures
        let (jobs, note) = try Self.jobs(parsed, server)
        self.jobs = jobs
        notes = [note].compactMap { $0 }
        endsAtFailedRound = parsed.flag("until-fail")
        rounds =
            try parsed.integer("repeat", in: 1...100_000) ?? (endsAtFailedRound ? 1000 : 1)
        rerun = try Self.rerun(parsed)
        printsJSON = parsed.flag("json")
        report = parsed.value("report")
        failsFast = parsed.flag("fail-fast")
        exitsZero = parsed.flag("exit-zero")
        specs = parsed.value("specs")
        features = (description?.features ?? [:]).merging(try Self.features(parsed)) { $1 }
        users = parsed.value("users") ?? description?.users
        guard (1_000_000...3_600_000_000_000).contains(timeout) else {
            throw parsed.usageError("--timeout: expected is a time from 1ms to 1h")
        }
        declareFeatures()
    }

    /// Seeds of six digits are easy to pass on and enough to surprise a server.
    private static func drawnSeed() -> UInt64 {
        var random = SystemRandomNumberGenerator()
        return random.next() % 1_000_000
    }

    private static func server(
        _ parsed: ParsedCommand, _ description: SUTFile?
    ) throws(UsageError) -> Server {
        if let description {
            for other in ["launch", "target"] where parsed.flag(other) {
                throw parsed.usageError(
                    "--sut and --\(other) exclude each other; write one of them")
            }
            return try description.server(parsed)
        }
        let line = try parsed.value("launch") { text throws(LaunchLineError) in
            try LaunchLine(parsing: text)
        }
        let target = try parsed.value(
            "target", expected: "HOST:PORT, such as localhost:5000 or [::1]:5000"
        ) { text in HostAndPort(parsing: text).flatMap { $0.port == 0 ? nil : $0 } }
        switch (line, target) {
        case (let line?, nil): return .launch(line, isReused: parsed.flag("reuse"))
        case (nil, let target?):
            guard !parsed.flag("reuse") else {
                throw parsed.usageError(
                    "--reuse is about launched servers; leave it out with --target")
            }
            return .target(target)
        case (nil, nil):
            throw parsed.usageError(
                "no server is named; write --target HOST:PORT or --launch 'COMMAND {port}', or "
                    + "--sut FILE")
        case (_?, _?):
            throw parsed.usageError("--target and --launch exclude each other; write one of them")
        }
    }

    private static func rerun(_ parsed: ParsedCommand) throws(UsageError) -> String? {
        guard let path = parsed.value("rerun-failed") else { return nil }
        for other in ["only", "split"] where parsed.flag(other) {
            throw parsed.usageError(
                "--rerun-failed and --\(other) exclude each other: the report says which cases "
                    + "are run, and how they are cut")
        }
        return path
    }

    /// How many scenarios are run side by side, and why it is not what was asked for.
    private static func jobs(
        _ parsed: ParsedCommand, _ server: Server
    ) throws(UsageError) -> (Int, note: String?) {
        let jobs = try parsed.integer("jobs", in: 1...64) ?? 1
        switch server {
        case .launch(let line, isReused: false) where line.ownPort != nil && jobs > 1:
            return (
                1,
                "--jobs \(jobs) is taken as 1: the server has a port of its own, which two "
                    + "cannot share"
            )
        case .launch(_, isReused: false): return (jobs, nil)
        case .launch(_, isReused: true), .target:
            guard jobs > 1 else { return (1, nil) }
            return (
                1,
                "--jobs \(jobs) is taken as 1: scenarios that share a server run one after the "
                    + "other; only servers launched for each scenario can be tested side by side"
            )
        }
    }

    private static func features(_ parsed: ParsedCommand) throws(UsageError) -> [String: String] {
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
    private mutating func declareFeatures() {
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
        case .target(let target):
            system = SystemUnderTest(features: features, isLaunched: false, isFresh: false)
            system.isLocal = target.isLocal
        }
        system.accounts = accounts
        return system
    }

    /// Whether the one server for all scenarios was the user's wish, not the file's.
    var isReuseAsked: Bool {
        guard case .launch(_, isReused: true) = server else { return false }
        return description?.isReused == false
    }

    /// Nanoseconds until a launched server must listen.
    var startLimit: Int64 { (description?.startLimit ?? 5_000_000_000) * scale }

    var timing: Timing { Timing(timeout: timeout, scale: scale) }
}

extension HostAndPort {
    /// Whether it names this machine by an address of the loopback network of IPv4.
    fileprivate var isLocal: Bool {
        host == "localhost" || IPAddress(parsing: host)?.isLoopback4 == true
    }
}
