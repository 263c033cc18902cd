// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

/// What the program tells the shell.
enum ProgramStatus: Int32, Sendable {
    /// Nothing failed, nothing was inconclusive.
    case success = 0
    case failed = 1
    case usage = 2
    /// The server could not be reached or launched.
    case unreachable = 3
    /// A file of `specs/` is wrong.
    case wrongSpecs = 4
    /// Our own failure.
    case internalError = 70
    case interrupted = 130

    /// What counts where several are true: what makes the others worthless goes first.
    private static let precedence: [ProgramStatus] = [
        .internalError, .wrongSpecs, .usage, .interrupted, .unreachable, .failed, .success,
    ]

    static func gravest(of all: some Sequence<ProgramStatus>) -> ProgramStatus {
        let all = Set(all)
        return precedence.first { all.contains($0) } ?? .success
    }
}

extension ProgramStatus {
    /// What one case of that verdict makes of a run.
    init(of verdict: Verdict) {
        self =
            switch verdict {
            case .pass, .observed, .warn, .skipped: .success
            case .fail, .inconclusive: .failed
            case .error: .internalError
            }
    }
}
