// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Specs

extension RunRequest {
    /// Refuses a form (`--split-form`) that no client of the protocol sends, or one without a plan.
    func checkForm(_ document: ProtocolDocument, _ parsed: ParsedCommand) throws(UsageError) {
        if splitReach != .everything, split == nil, rerun == nil {
            throw parsed.usageError("--split-reach says what --split cuts; add --split PLAN")
        }
        guard let splitForm else { return }
        guard split != nil || rerun != nil else {
            throw parsed.usageError("--split-form says what --split cuts; add --split PLAN")
        }
        let forms = document.forms.forms(of: .client).map(\.name)
        guard !forms.contains(splitForm) else { return }
        let advice =
            Suggestion.nearest(to: splitForm, in: forms).map { "did you mean \($0)?" }
            ?? "possible are \(forms.joined(separator: ", "))"
        throw parsed.usageError(
            "--split-form: clients of \(document.name) send nothing of the form "
                + "\(ByteEscaping.quoted(splitForm.utf8)); \(advice)")
    }
}

extension ParsedCommand {
    /// One of `possible`, where the user has named any.
    func splitReach(
        among possible: [SplitReach] = SplitReach.allCases
    ) throws(UsageError) -> SplitReach? {
        let reaches = possible.map(\.rawValue).joined(separator: ", ")
        return try value("split-reach", expected: reaches) { word in
            SplitReach(rawValue: word).flatMap { possible.contains($0) ? $0 : nil }
        }
    }
}
