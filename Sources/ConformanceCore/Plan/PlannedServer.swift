// SPDX-License-Identifier: Apache-2.0

package import Specs

/// A server under test, by its number in its plan.
package struct ServerID: Hashable, Comparable, Sendable {
    package var index: Int

    /// The server that every plan has.
    package static let main = ServerID(0)

    package init(_ index: Int) { self.index = index }

    package static func < (left: ServerID, right: ServerID) -> Bool { left.index < right.index }
}

/// One server under test, and what is written for it before it starts.
package struct PlannedServer: Equatable, Sendable {
    package var name = StepTemplate.mainServer
    /// With captures for ports and addresses that are known when all is laid out.
    package var files: [ServerFile: TextPattern] = [:]

    package init(name: String = StepTemplate.mainServer) { self.name = name }

    /// What stands in texts for its address and its port until they are known.
    package var hostCapture: String { "host:\(name)" }
    package var portCapture: String { "port:\(name)" }
}

extension Plan {
    /// Whether its servers are started for it alone, as their files or their number demand.
    package var isStaged: Bool { servers.count > 1 || servers.contains { !$0.files.isEmpty } }

    /// Files that it writes for servers.
    package var serverFiles: Set<ServerFile> {
        Set(servers.flatMap(\.files.keys))
    }

    /// The ports that its first steps open: they are there before the servers start, whose files
    /// may name them.
    package var firstListeners: [(listener: ListenerID, kind: PortKind)] {
        (preamble.isEmpty ? steps : preamble).prefix { step in
            if case .listen = step.action { true } else { false }
        }.compactMap { step in
            if case .listen(let listener, let kind) = step.action { (listener, kind) } else { nil }
        }
    }

    /// Connections that end when a server does; of those that servers open any may be its own.
    package func linksThatEnd(with server: ServerID) -> [LinkID] {
        links.indices.filter { (links[$0].server ?? server) == server }.map(LinkID.init)
    }

    /// The server that a connection goes to; `nil` for one that a server opens.
    package func server(of link: LinkID) -> ServerID? {
        links.indices.contains(link.index) ? links[link.index].server : nil
    }
}
