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
    /// It is the user's, or another run's, so that names may not be new to the server.
    var isSeedGiven: Bool
    var isStrict: Bool
    var timeout: Int64
    var scale: Int64
    var split: SplitSelection?
    /// The one message form that `split` cuts; `nil`: all.
    var splitForm: String?
    /// How much of a case `split` is laid over.
    var splitReach: SplitReach
    var pace: RunPace
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
    /// It has none, so that a run of nothing is no failure.
    var mayBeIdle = false
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
        isSeedGiven = parsed.flag("seed")
        isStrict = parsed.flag("strict")
        timeout = try parsed.duration("timeout")?.nanoseconds ?? 2_000_000_000
        scale = Int64(try parsed.integer("timeout-scale", in: 1...1000) ?? 1)
        split = try parsed.value("split", parsing: SplitSelection.init(parsing:))
        splitForm = parsed.value("split-form")
        splitReach = try parsed.splitReach() ?? .everything
        pace =
            try parsed.value("pace", expected: RunPace.expected, RunPace.init(parsing:))
            ?? .drained
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

    /// Whether one server has all scenarios, one after the other.
    var sharesServer: Bool {
        switch server {
        case .target, .launch(_, isReused: true): true
        case .launch(_, isReused: false): false
        }
    }

    /// Whether the server goes on running from one run to the next, and so knows each one's names.
    var knowsNames: Bool {
        switch server {
        case .target: true
        case .launch: false
        }
    }

    /// Whether the one server for all scenarios was the user's wish, not the file's.
    var isReuseAsked: Bool {
        guard case .launch(_, isReused: true) = server else { return false }
        return description?.isReused == false
    }

    /// Nanoseconds until a launched server must listen.
    var startLimit: Int64 { (description?.startLimit ?? 5_000_000_000) * scale }

    var timing: Timing { Timing(timeout: timeout, scale: scale, pace: pace.pause) }
}
