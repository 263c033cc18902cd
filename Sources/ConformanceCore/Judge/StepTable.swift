// SPDX-License-Identifier: Apache-2.0

/// Values by the steps of one plan: their numbers are small and dense, so nothing is hashed.
struct StepTable<Value> {
    private var byNumber: [Value?] = []

    subscript(step: StepID) -> Value? {
        get { byNumber.indices.contains(step.number) ? byNumber[step.number] : nil }
        set {
            while byNumber.count <= step.number { byNumber.append(nil) }
            byNumber[step.number] = newValue
        }
    }

    /// In the order of the steps.
    var values: some Sequence<Value> { byNumber.lazy.compactMap { $0 } }
}
