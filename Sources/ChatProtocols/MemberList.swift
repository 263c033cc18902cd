// SPDX-License-Identifier: Apache-2.0

/// Who is in a room: a contiguous list of connections, each in it once.
///
/// Joining and leaving take constant time; a leaver's place is taken by the last member, so the
/// order says nothing.
package struct MemberList: Sendable {
    package private(set) var connections: [ConnectionID] = []
    private var places: [ConnectionID: Int] = [:]

    package init() {}

    package var isEmpty: Bool { connections.isEmpty }

    package func place(of connection: ConnectionID) -> Int? { places[connection] }

    /// Adds a connection; one that is a member already stays where it is.
    package mutating func insert(_ connection: ConnectionID) {
        guard places[connection] == nil else { return }
        places[connection] = connections.count
        connections.append(connection)
    }

    /// Removes a connection; one that is no member changes nothing.
    package mutating func remove(_ connection: ConnectionID) {
        guard let place = places.removeValue(forKey: connection) else { return }
        guard let last = connections.popLast(), last != connection else { return }
        connections[place] = last
        places[last] = place
    }
}
