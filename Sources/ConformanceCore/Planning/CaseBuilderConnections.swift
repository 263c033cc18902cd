// SPDX-License-Identifier: Apache-2.0

import Specs

/// Connections that steps open, open again and end.
extension CaseBuilder {
    mutating func connection(
        _ connect: ConnectTemplate, _ template: StepTemplate, _ scope: Scope
    ) -> PlanAction {
        let link = opening(
            template, template.link, like: connect.like, orLike: template.link, scope)
        let server = server(template, scope, else: callersServer)
        let options = options(connect, to: server, scope)
        links[link.index].server = server
        openings[link] = options
        return .connect(link, options)
    }

    /// Another connection in the place of one that the server has ended, opened as that was.
    mutating func reconnection(_ template: StepTemplate, _ scope: Scope) -> PlanAction {
        let first = openLink(template.peer, template.link, scope, at: template.position)
        var link = links[first.index]
        let isOver = ended.remove(first) != nil
        silenced.remove(first)
        if !isLearningPeers, !scenario.isDamaged, !isOver || openings[first] == nil {
            log.note(
                isOver
                    ? "'\(link.label)' is opened by the server"
                    : "'\(link.label)' need not be over here", at: template.position,
                advice: isOver
                    ? "accept another connection"
                    : "let it be a step of an alternative with 'close'")
        }
        let number = (reopened[first] ?? 1) + 1
        reopened[first] = number
        let options = openings[first] ?? ConnectOptions()
        if let index = links.firstIndex(where: { $0.follows == first && $0.number == number }) {
            return .connect(LinkID(index), options)
        }
        link.follows = first
        link.number = number
        links.append(link)
        return .connect(LinkID(links.count - 1), options)
    }

    /// The connection that a step opens, which is of the kind that it says, else of that whose name
    /// it or its port has.
    mutating func opening(
        _ template: StepTemplate, _ name: String, like: String?, orLike port: String,
        _ scope: Scope
    ) -> LinkID {
        let id = link(template.peer, name, scope, at: template.position)
        let names = [like, name, port].compactMap { $0 }
        links[id.index].kind =
            names.first { suite.document.links[$0] != nil || $0 == like }
            ?? StepTemplate.mainLink
        if !opened.insert(id).inserted, !isLearningPeers {
            log.note(
                "'\(links[id.index].label)' is connected already", at: template.position,
                advice: "a second connection is another peer, or another 'link'")
        }
        return id
    }

    /// The connection of a step behind which its peer sends no more.
    mutating func ending(_ template: StepTemplate, _ scope: Scope) -> LinkID {
        let id = openLink(template.peer, template.link, scope, at: template.position)
        silenced.insert(id)
        return id
    }

    /// The connection of a step that sends.
    mutating func talking(_ template: StepTemplate, _ scope: Scope) -> LinkID {
        let id = openLink(template.peer, template.link, scope, at: template.position)
        if silenced.contains(id), !isLearningPeers {
            log.note(
                "'\(links[id.index].label)' has ended its own direction before this step, and sends"
                    + " nothing more", at: template.position,
                advice: "send before 'close', 'closeWrite' or 'reset', or from another connection")
        }
        return id
    }

    /// A step that could not be read may have connected its peer, or anybody.
    mutating func noteUnread(_ template: StepTemplate, _ scope: Scope) {
        guard let peer = template.peer, !peer.parts.isEmpty else {
            isAnybodyUnread = true
            return
        }
        unread.insert(self.peer(peer, scope))
    }

    private mutating func options(
        _ template: ConnectTemplate, to server: ServerID, _ scope: Scope
    ) -> ConnectOptions {
        ConnectOptions(
            from: template.from.map { bytes($0, scope) }, receiveBuffer: template.receiveBuffer,
            server: server)
    }
}
