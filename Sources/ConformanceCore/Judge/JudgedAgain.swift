// SPDX-License-Identifier: Apache-2.0

extension Judgement {
    /// Whether a run that looked for other messages shows what is judged here.
    ///
    /// It does not where nothing came at a step that had already what it waited for, as nobody
    /// waited then, nor where it ended at a step in which nothing is wrong now, as what comes
    /// behind that was never done.
    package func follows(from transcript: Transcript) -> Bool {
        var held: Set<StepID> = []
        for entry in transcript.entries {
            if case .finished(let step, .held) = entry.event { held.insert(step) }
        }
        return !findings.contains { finding in
            finding.isOurs || finding.tellsOfWaiting && finding.step.map(held.contains) == true
        }
    }
}

extension Finding {
    /// What shows it is time that went by.
    fileprivate var tellsOfWaiting: Bool {
        switch kind {
        case .silence, .missing, .notEnded, .notAccepted, .notConnected, .unanswered, .notTaken,
            .neverHeld, .notExited:
            true
        case .mismatch, .unexpected, .strayed, .endedInstead, .endedUnasked, .wrongEnd, .refused,
            .connectedUnasked, .notRefused, .framing, .tolerated, .serverEnded, .notRestarted,
            .textInFile, .noFiles, .flooded, .interrupted, .inconsistent:
            false
        }
    }
}
