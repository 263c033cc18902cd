// SPDX-License-Identifier: Apache-2.0

import Specs

/// What may come, and the steps that follow each of it.
extension CaseBuilder {
    /// One of them is gone on with: what each opens again is the same connection.
    mutating func alternatives(
        _ templates: [AlternativeTemplate], of link: LinkID, _ scope: Scope
    ) -> [Alternative] {
        let before = reopened
        var after = before
        return templates.map { template in
            reopened = before
            let alternative = alternative(template, of: link, scope)
            after.merge(reopened) { max($0, $1) }
            reopened = after
            return alternative
        }
    }

    private mutating func alternative(
        _ template: AlternativeTemplate, of link: LinkID, _ scope: Scope
    ) -> Alternative {
        let outcome = outcome(template.outcome, scope)
        let before = (ended, silenced)
        defer { (ended, silenced) = before }
        if outcome.close != nil { ended.insert(link) }
        return Alternative(
            outcome: outcome, label: template.label, tolerated: template.tolerated,
            steps: expand(template.steps, scope))
    }

    mutating func outcome(_ template: OutcomeTemplate, _ scope: Scope) -> Outcome {
        switch template {
        case .messages(let patterns): .messages(patterns.map { pattern($0, scope) })
        case .nothing: .nothing
        case .close(let kind): .close(kind)
        case .messagesThenClose(let patterns, let kind):
            .messagesThenClose(patterns.map { pattern($0, scope) }, kind)
        }
    }
}
