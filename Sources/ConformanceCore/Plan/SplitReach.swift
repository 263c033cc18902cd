// SPDX-License-Identifier: Apache-2.0

/// How much of what a case sends a run's cut is laid over.
package enum SplitReach: String, CaseIterable, Sendable {
    /// All: the preamble, the steps, and the runner's own questions.
    case everything
    /// What the scenario's own steps send. The preamble and the runner's questions go out whole.
    case steps
    /// The questions by which the runner makes sure that nothing more is to come, and nothing else.
    case questions

    /// Whether messages that steps send are cut, those of the preamble or those behind it.
    package func includesSteps(ofPreamble isPreamble: Bool) -> Bool {
        switch self {
        case .everything: true
        case .steps: !isPreamble
        case .questions: false
        }
    }

    /// What of it one form alone is cut in, one after the other.
    package var partsWithOneForm: [SplitReach] {
        self == .everything ? [.everything, .questions] : [self]
    }

    /// Whether the runner's own questions are cut.
    ///
    /// Where one form alone is cut they are left whole, unless they are what is cut: a question may
    /// have the form of a request that is to be judged.
    package func includesQuestions(ofOneForm isOneForm: Bool) -> Bool {
        switch self {
        case .everything: !isOneForm
        case .steps: false
        case .questions: true
        }
    }
}
