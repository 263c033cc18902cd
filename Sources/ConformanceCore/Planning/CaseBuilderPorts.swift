// SPDX-License-Identifier: Apache-2.0

import Specs

/// Ports of the runner's own, to which the server connects.
extension CaseBuilder {
    /// The port that a step opens.
    mutating func opening(
        _ template: ListenTemplate, _ step: StepTemplate, _ scope: Scope
    ) -> ListenerID {
        let peer = peer(step.peer, scope)
        let listener = PlannedListener(
            peer: peer, name: template.name, from: template.from.map { bytes($0, scope) })
        if let index = index(of: template.name, of: peer) {
            if !isLearningPeers {
                log.note(
                    "'\(listener.label)' is open already", at: step.position,
                    advice: "a second port has another name")
            }
            return ListenerID(index)
        }
        listeners.append(listener)
        return ListenerID(listeners.count - 1)
    }

    /// A port that an earlier step of this peer must have opened.
    mutating func openListener(
        _ name: String, _ step: StepTemplate, _ scope: Scope
    ) -> ListenerID {
        let peer = peer(step.peer, scope)
        if let index = index(of: name, of: peer) { return ListenerID(index) }
        noteClosed("\(peer).\(name)", at: step.position)
        listeners.append(PlannedListener(peer: peer, name: name))
        return ListenerID(listeners.count - 1)
    }

    mutating func acceptance(
        _ accept: AcceptTemplate, _ template: StepTemplate, _ scope: Scope
    ) -> PlanAction {
        let port = accept.listener ?? accept.link
        let listener = openListener(port, template, scope)
        let link = opening(
            template, accept.link, like: accept.like, orLike: port, scope)
        return .accept(link, listener)
    }

    /// What stands for `${port:b}`, or for a `${host:…}` that is no port of the runner's own, until
    /// the run knows it; `nil` where `name` is no such thing.
    mutating func placeCapture(_ name: [UInt8], at position: SourcePosition) -> String? {
        if let wanted = Self.operand(of: "host:", name), find(wanted) == nil {
            return serverCapture(wanted, isPort: false) ?? ownHostCapture(wanted)
        }
        guard let wanted = Self.operand(of: "port:", name) else { return nil }
        guard let index = find(wanted) else {
            if let server = serverCapture(wanted, isPort: true) { return server }
            noteClosed(wanted, at: position)
            return PlannedListener(peer: speaker ?? "", name: wanted).portCapture
        }
        return listeners[index].portCapture
    }

    /// What `${host:b}` is; `nil` where `name` is no such thing.
    mutating func host(_ name: String, at position: SourcePosition) -> [UInt8]? {
        guard let wanted = Self.operand(of: "host:", Array(name.utf8)) else { return nil }
        guard let index = find(wanted) else {
            noteClosed(wanted, at: position)
            return []
        }
        if listeners[index].from == nil, !isLearningPeers {
            log.note(
                "'\(listeners[index].label)' is at every address of the machine", at: position,
                advice: "the step that opens it names one with 'from'")
        }
        return listeners[index].from ?? []
    }

    private static func operand(of word: String, _ name: [UInt8]) -> String? {
        guard name.starts(with: word.utf8), name.count > word.utf8.count else { return nil }
        return String(decoding: name.dropFirst(word.utf8.count), as: UTF8.self)
    }

    /// `b` is the speaker's, or the only one of this name; `bob.b` is bob's.
    private func find(_ name: String) -> Int? {
        if let speaker, let own = index(of: name, of: speaker) { return own }
        if let exact = listeners.firstIndex(where: { $0.label == name }) { return exact }
        let called = listeners.indices.filter { listeners[$0].name == name }
        return called.count == 1 ? called[0] : nil
    }

    private func index(of name: String, of peer: String) -> Int? {
        listeners.firstIndex { $0.peer == peer && $0.name == name }
    }

    private func noteClosed(_ label: String, at position: SourcePosition) {
        guard !isLearningPeers, !isAnybodyUnread, unread.isEmpty else { return }
        let known = listeners.map(\.label)
        log.note(
            "no step before this one opens the port '\(label)'", at: position,
            advice: known.isEmpty
                ? "open it with 'listen', 'refuse' or 'swallow'"
                : NodeReader.choice(of: known, near: label))
    }
}
