// SPDX-License-Identifier: Apache-2.0

/// Everything that a run has to say: `report.json` and all other formats are made from it.
package struct Report: Equatable, Sendable {
    /// Raised when a reader of the older shape would misread the newer.
    package static let schemaVersion = 1

    package var tool: Tool
    package var protocolName: String
    package var suiteHash: String
    package var seed: UInt64
    /// Coordinated universal time, as ISO 8601 writes it.
    package var started: String
    package var duration: Int64
    package var server: ServerDescription
    package var environment: [String: String]
    package var options: RunOptions
    /// What must be known to read the verdicts: how cuts are proven, a barrier that does not work.
    package var notes: [String]
    /// Why the run ended before its scenarios did, where it did.
    package var abandoned: Abandonment?
    package var scenarios: [ScenarioReport]
    package var coverage: Coverage
    /// What cuts did, where the run was about them.
    package var splitting: Splitting?

    package struct Tool: Equatable, Sendable {
        package var name: String
        package var version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    package init(
        tool: Tool, protocolName: String, suiteHash: String, seed: UInt64, started: String,
        duration: Int64, server: ServerDescription, environment: [String: String],
        options: RunOptions, notes: [String], abandoned: Abandonment?,
        scenarios: [ScenarioReport], coverage: Coverage
    ) {
        self.tool = tool
        self.protocolName = protocolName
        self.suiteHash = suiteHash
        self.seed = seed
        self.started = started
        self.duration = duration
        self.server = server
        self.environment = environment
        self.options = options
        self.notes = notes
        self.abandoned = abandoned
        self.scenarios = scenarios
        self.coverage = coverage
    }

    /// How many scenarios came to each verdict.
    package var counts: [Verdict: Int] {
        scenarios.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    }
}

/// Where the server under test was, or how it was started.
package enum ServerDescription: Equatable, Sendable {
    case address(String)
    case launched(command: String, isReused: Bool)
}

/// Why a run has no verdict for some of its scenarios.
package enum Abandonment: Equatable, Sendable {
    /// The server could not be reached or launched; what it printed, if anything.
    case unreachable(String, output: [UInt8])
    case interrupted
    /// `--fail-fast` after the first failure.
    case failedFast
}

/// What the user asked for that bears on verdicts.
package struct RunOptions: Equatable, Sendable {
    package var isStrict: Bool
    package var timeout: Int64
    package var timeoutScale: Int64
    package var split: String?
    /// The one message form that it cuts.
    package var splitForm: String?
    package var splitReach: SplitReach
    /// How it is known that the server has taken a segment: `drained` or a pause.
    package var pace: String
    package var only: [String]
    package var features: [String: String]
    /// The file that the accounts were read from.
    package var users: String?

    package init(
        isStrict: Bool, timeout: Int64, timeoutScale: Int64, split: String?, pace: String,
        only: [String], features: [String: String], users: String? = nil,
        splitForm: String? = nil, splitReach: SplitReach = .everything
    ) {
        self.splitForm = splitForm
        self.splitReach = splitReach
        self.isStrict = isStrict
        self.timeout = timeout
        self.timeoutScale = timeoutScale
        self.split = split
        self.pace = pace
        self.only = only
        self.features = features
        self.users = users
    }
}
