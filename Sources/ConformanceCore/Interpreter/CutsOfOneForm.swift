// SPDX-License-Identifier: Apache-2.0

/// Keeps, of the cuts in some messages, those that concern one message form.
///
/// Cuts inside messages of other forms are left out. Under a plan that joins messages, those of
/// other forms begin a segment of their own, so that only a message of the form ever shares one
/// with what comes before it.
struct CutsOfOneForm {
    private let form: String
    private let lengths: [Int]
    private let forms: [String?]

    /// `forms` are those of the messages with these lengths, as far as they are known.
    init(_ form: String, lengths: [Int], forms: [String?]) {
        self.form = form
        self.lengths = lengths
        self.forms = forms
    }

    /// The cuts that are left, in their order; `cuts` are offsets in the joined messages.
    func narrowed(_ cuts: [Int], isJoining: Bool) -> [Int] {
        var kept: [Int] = []
        var rest = cuts[...]
        var start = 0
        for (index, length) in lengths.enumerated() {
            let isChosen = index < forms.count && forms[index] == form
            let isBorder = rest.first == start
            if isBorder { rest.removeFirst() }
            if start > 0, isBorder || (isJoining && !isChosen) { kept.append(start) }
            let inside = rest.prefix { $0 < start + length }
            rest = rest.dropFirst(inside.count)
            if isChosen { kept += inside }
            start += length
        }
        return kept
    }
}
