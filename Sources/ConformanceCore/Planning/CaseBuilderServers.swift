// SPDX-License-Identifier: Apache-2.0

import Specs

/// Servers of a scenario: which one a step is about, and what is written for each.
extension CaseBuilder {
    /// The server that a step names, else `other`.
    mutating func server(
        _ template: StepTemplate, _ scope: Scope, else other: ServerID
    ) -> ServerID {
        guard let named = template.server else { return other }
        let name = String(decoding: bytes(named.text, scope), as: UTF8.self)
        if let index = servers.firstIndex(where: { $0.name == name }) { return ServerID(index) }
        if !isLearningPeers {
            log.noteUnknownServer(name, at: named.position, known: servers.map(\.name))
        }
        return other
    }

    /// Fills in what is written for the servers: by then it is known who listens where.
    mutating func writeFiles() {
        for (index, template) in scenario.servers.enumerated() {
            for file in template.files {
                servers[index].files[file.kind] = text(file.content, round.scope)
            }
        }
        guard scenario.servers.contains(where: { !$0.files.isEmpty }) || servers.count > 1,
            !scenario.needs.contains(.launched)
        else { return }
        log.note(
            "servers with files of their own are started by the runner", at: scenario.position,
            advice: "add \"launched\" to the scenario's 'needs'")
    }

    /// What stands for the host or port of a server until the run knows it; `nil` for what is none.
    func serverCapture(_ wanted: String, isPort: Bool) -> String? {
        guard isStaged, let server = servers.first(where: { $0.name == wanted }) else { return nil }
        return isPort ? server.portCapture : server.hostCapture
    }

    /// Where the servers of a scenario are is told only where it has laid them out itself.
    private var isStaged: Bool {
        scenario.servers.count > 1 || scenario.servers.contains { !$0.files.isEmpty }
    }

    /// What stands for the runner's own address on a connection; `nil` for what is none.
    mutating func ownHostCapture(_ wanted: String) -> String? {
        guard
            let index = links.firstIndex(where: { $0.label == wanted })
                ?? links.firstIndex(where: { $0.peer == speaker && $0.link == wanted })
        else { return nil }
        links[index].isAddressNamed = true
        return links[index].hostCapture
    }
}
