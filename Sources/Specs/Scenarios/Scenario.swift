// SPDX-License-Identifier: Apache-2.0

/// One file of scenarios: a topic.
package struct Topic: Equatable, Sendable {
    package var title: String
    package var file: String
    package var scenarios: [Scenario]
}

/// The smallest thing with a verdict, as its file says it.
package struct Scenario: Equatable, Sendable {
    package var id: String
    package var title: String
    package var requirements: [String]
    package var level: Level?
    package var foreach: Iteration?
    package var values: [NamedValue]
    /// The servers that are started for it; the first is the one that every scenario has.
    package var servers: [ServerTemplate] = [ServerTemplate()]
    package var needs: [Need]
    /// Accounts that it needs at least, where it says so.
    package var accounts: Int?
    package var allow: [PatternTemplate]
    package var allowedEnds: [AllowedEnd]
    /// The longest wait of each step, in nanoseconds.
    package var within: Int64?
    package var split: Template?
    package var preamble: [StepTemplate]
    package var steps: [StepTemplate]
    package var position: SourcePosition
    /// Something in it could not be read, so what a step says may be missing.
    package var isDamaged = false
    package var places = ScenarioPlaces()
}

/// Where a scenario says what must go with `requirements.json`, for what is wrong with it.
package struct ScenarioPlaces: Equatable, Sendable {
    package var requirements: [SourcePosition] = []
    package var level: SourcePosition?
}

/// A server that the runner starts for a scenario.
package struct ServerTemplate: Equatable, Sendable {
    package var name = StepTemplate.mainServer
    /// What the runner writes for it before it starts.
    package var files: [FileTemplate] = []
    package var position = SourcePosition(file: "")
}

/// A file of a server, by the placeholder of the launch line that stands for its path.
package struct FileTemplate: Equatable, Sendable {
    package var kind: ServerFile
    package var content: Template
}

/// Files that scenarios write for servers.
package enum ServerFile: String, CaseIterable, Hashable, Sendable {
    /// The servers that a server connects to.
    case peers
}

/// Connections that the server may end at any time.
package struct AllowedEnd: Equatable, Sendable {
    package var kind: CloseKind
    /// Everybody's where nobody is named.
    package var peer: Template?
    package var link: String
}

package struct NamedValue: Equatable, Sendable {
    package var name: String
    package var value: ValueTemplate
    package var position: SourcePosition
}

/// What a scenario asks of the server under test or of the run.
package enum Need: String, CaseIterable, Hashable, Sendable {
    /// A server that no other scenario has used.
    case fresh
    /// A server that the runner has started.
    case launched
    /// A server that is started with no arguments, on a port that is known all the same.
    case ownPort
    /// A server on this machine, at an address of the loopback network of IPv4.
    case local
    case usersFile
    case database
    case history
    case peersFile
    case bindAddress
    case capacity
    case receiptTimeout
    case rooms
    case moderators
}

extension Need {
    /// Features whose value is a time that the server takes.
    package enum Time: String, CaseIterable, Sendable {
        case receiptTimeout
    }

    /// Those that are features of a server.
    package static var features: [Need] {
        allCases.filter { need in
            switch need {
            case .fresh, .launched, .ownPort, .local: false
            case .usersFile, .database, .history, .peersFile, .bindAddress, .capacity,
                .receiptTimeout, .rooms, .moderators:
                true
            }
        }
    }
}
