// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix

/// What a run's report says of the run as a whole, beside its cases.
struct RunNotes {
    private var notes: Set<String> = []
    private var waits = WaitNotes()
    /// Whether the run's plan has cut or joined anything.
    private var hasCut = false
    /// Whether any scenario was run: else there is nothing that the pace could matter to.
    private var hasRun = false
    /// Nanoseconds in which servers or we waited for a processor.
    private var starved: Int64 = 0
    private var parts = PartReading()

    mutating func add(_ note: String) { notes.insert(note) }

    /// Adds where the server cannot be asked whether it has said all, and why where it ended as
    /// it was tried.
    mutating func add(_ knowledge: RunKnowledge, probeEnd: Termination?) {
        if let probeEnd, !knowledge.brokenBarriers.isEmpty {
            notes.insert(
                "the server ended by itself as the runner tried what it answers, before the first "
                    + "scenario (\(probeEnd)); where that is not known, absence is shown by quiet "
                    + "windows")
            return
        }
        for state in knowledge.brokenBarriers.sorted() {
            notes.insert(
                "the server does not answer the request that shows the end of what it sends "
                    + "(state '\(state)'); absence is shown by a quiet window there")
        }
    }

    /// Adds what happened to the server of a case.
    mutating func add(_ run: CaseRun) {
        guard case .ran(let scenario) = run.outcome else { return }
        starved += scenario.starved
        hasRun = true
        parts.add(scenario.knowledge.parts)
        guard scenario.server?.isReplacement == true else { return }
        notes.insert("the server had died before \(run.planned.plan.caseID) and was started again")
    }

    mutating func add(_ report: ScenarioReport) {
        waits.add(report)
        hasCut = hasCut || report.isCutByRun
    }

    /// All of them, at the end of the run.
    func notes(of request: RunRequest, hasSkippedAll: Bool, hasSeenServer: Bool) -> Set<String> {
        var notes = notes.union(waits.notes)
        if hasSkippedAll {
            notes.insert("nothing was judged: every scenario was skipped")
        } else {
            if hasRun, let note = request.pace.note(hasSeenServer: hasSeenServer) {
                notes.insert(note)
            }
            if let split = request.split, !hasCut { notes.insert(Self.idle(split)) }
        }
        if let note = parts.note { notes.insert(note) }
        if starved > 1_000_000_000 {
            notes.insert(
                "the machine was busy: while the server or this program waited for a processor, "
                    + "for \(starved / 1_000_000_000) s in all, the scenarios' clocks stood still")
        }
        return notes
    }

    /// A run under a plan that makes no difference shows nothing about that plan.
    private static func idle(_ split: SplitSelection) -> String {
        "--split \(split) has cut and joined nothing in these scenarios: no message was "
            + "long enough, or had such content, or none followed another with no wait between"
    }
}
