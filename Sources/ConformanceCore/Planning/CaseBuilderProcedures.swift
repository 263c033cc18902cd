// SPDX-License-Identifier: Apache-2.0

import Specs

/// Procedures of the protocol, performed in the place of their call.
extension CaseBuilder {
    mutating func perform(
        _ name: String, _ arguments: [Iteration.Element.Field], _ template: StepTemplate,
        _ scope: Scope
    ) -> [PlanStep] {
        guard let procedure = suite.document.procedures[name] else {
            noteUnread(template, scope)
            return []
        }
        let inner = inside(procedure, name, arguments, template, scope)
        let before = (isInProcedure, callersServer)
        defer { (isInProcedure, callersServer) = before }
        isInProcedure = true
        callersServer = server(template, scope, else: callersServer)
        allow(procedure, inner)
        return expand(procedure.steps, inner)
    }

    /// What names stand for in the steps of a procedure: its parameters, and the caller.
    private mutating func inside(
        _ procedure: Procedure, _ name: String, _ arguments: [Iteration.Element.Field],
        _ template: StepTemplate, _ scope: Scope
    ) -> Scope {
        let peer = template.peer.map { bytes($0, scope) } ?? []
        var inner = scope.binding("peer", to: peer).without(["name", "password"])
        for argument in arguments {
            guard procedure.parameters.contains(argument.name) else {
                log.note(
                    "'\(name)' has no parameter '\(argument.name)'", at: template.position,
                    advice: NodeReader.choice(of: procedure.parameters, near: argument.name))
                continue
            }
            inner = inner.binding(argument.name, to: bytes(argument.content, scope))
        }
        for parameter in procedure.parameters where inner.variables[parameter] == nil {
            log.note("'\(name)' lacks its parameter '\(parameter)'", at: template.position)
        }
        return inner
    }

    /// What a procedure of the preamble lets others be told of may come at any time after it, too.
    private mutating func allow(_ procedure: Procedure, _ inner: Scope) {
        guard isPreamble else { return }
        for allowed in procedure.allow.map({ pattern($0, inner) })
        where !allowedByPreamble.contains(allowed) {
            allowedByPreamble.append(allowed)
        }
    }
}
