// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore

/// What the cases came to, of each case the gravest of its rounds.
///
/// A report has each case once, however often it was run.
struct RoundResults {
    private(set) var scenarios: [ScenarioReport] = []
    /// Which of the counted runs each of them is.
    private var numbers: [Int] = []
    /// How many runs were counted, rounds included.
    private(set) var count = 0
    /// The first round in which a case failed, and its seed.
    private(set) var failedRound: (number: Int, seed: UInt64)?
    private var rounds = 0
    private var places: [String: Int] = [:]
    /// How often each case came to each verdict, and when first.
    private var seen: [String: [Verdict: Sightings]] = [:]

    private struct Sightings {
        var count = 0
        let round: Int
        let seed: UInt64
    }

    private static let gravity: [Verdict] = [
        .skipped, .pass, .observed, .warn, .inconclusive, .fail, .error,
    ]

    /// Counts a run; whether it is to be kept: the first of its case, or the gravest so far.
    mutating func count(_ report: ScenarioReport, _ planned: PlannedCase, seed: UInt64) -> Bool {
        count += 1
        rounds = max(rounds, planned.round + 1)
        if report.verdict.isFailure || report.verdict == .error, failedRound == nil {
            failedRound = (planned.round + 1, seed)
        }
        seen[report.id, default: [:]][
            report.verdict, default: Sightings(round: planned.round + 1, seed: seed)
        ].count += 1
        guard let place = places[report.id] else { return true }
        return Self.gravity(report.verdict) > Self.gravity(scenarios[place].verdict)
    }

    private static func gravity(_ verdict: Verdict) -> Int {
        gravity.firstIndex(of: verdict) ?? gravity.count
    }

    /// Keeps a run, in the place of its case.
    mutating func keep(_ report: ScenarioReport) {
        if let place = places[report.id] {
            scenarios[place] = report
            numbers[place] = count
        } else {
            places[report.id] = scenarios.count
            scenarios.append(report)
            numbers.append(count)
        }
    }

    /// Adds the capture of a run, unless another round has taken its place.
    mutating func add(_ written: CaptureDesk.Written) {
        guard let place = places[written.id], numbers[place] == written.number else { return }
        scenarios[place].capture = written.capture
    }

    // MARK: What is said of rounds

    func notes(of request: RunRequest) -> [String] {
        guard request.rounds > 1 else { return [] }
        var notes = [
            "\(rounds) rounds were run, each with a seed of its own; of each case this is the worst"
        ]
        if request.endsAtFailedRound {
            notes.append(
                failedRound.map { "round \($0.number) failed (seed \($0.seed))" }
                    ?? "nothing failed in \(rounds) rounds")
        }
        return notes + unstable
    }

    /// A line for each case that did not come to the same each time.
    private var unstable: [String] {
        scenarios.compactMap { scenario in
            guard let verdicts = seen[scenario.id], verdicts.count > 1 else { return nil }
            let parts = Self.gravity.compactMap { verdict in
                verdicts[verdict].map { sightings in
                    "\(verdict.rawValue) \(sightings.count) times (first in round "
                        + "\(sightings.round), seed \(sightings.seed))"
                }
            }
            return "unstable: \(scenario.id): \(parts.joined(separator: ", "))"
        }
    }
}
