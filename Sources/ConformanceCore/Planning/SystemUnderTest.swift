// SPDX-License-Identifier: Apache-2.0

package import Specs

/// What must be known of the server under test before a plan can be made.
package struct SystemUnderTest: Equatable, Sendable {
    /// Features by name, with their values where they have one (`capacity`: `16`).
    package var features: [String: String]
    package var isLaunched: Bool
    /// Whether each scenario has a server of its own.
    package var isFresh: Bool
    /// Whether it is launched with no arguments, and its port known all the same.
    package var hasOwnPort = false

    package init(features: [String: String] = [:], isLaunched: Bool, isFresh: Bool) {
        self.features = features
        self.isLaunched = isLaunched
        self.isFresh = isFresh
    }

    /// The same, with what servers of the protocol offer where nothing else is said.
    func with(defaults: [String: String]) -> SystemUnderTest {
        var system = self
        system.features.merge(defaults) { own, _ in own }
        return system
    }

    /// A server that offers everything: against it, suites are checked.
    package static let complete = {
        var system = SystemUnderTest(
            features: Dictionary(
                uniqueKeysWithValues: Need.features.map { ($0.rawValue, values[$0] ?? "") }),
            isLaunched: true, isFresh: true)
        system.hasOwnPort = true
        return system
    }()

    private static let values: [Need: String] = [.capacity: "16", .moderators: "Moderator1"]

    /// Why a scenario with these needs cannot be run; `nil` where it can.
    package func missing(_ needs: [Need]) -> SkipReason? {
        for need in needs {
            switch need {
            case .fresh: if !isFresh { return .needsFreshServer }
            case .launched: if !isLaunched { return .needsLaunchedServer }
            case .ownPort: if !hasOwnPort { return .needsOwnPort }
            case .usersFile, .database, .history, .peersFile, .bindAddress, .capacity,
                .receiptTimeout, .rooms, .moderators:
                if features[need.rawValue] == nil { return .lacksFeature(need) }
            }
        }
        return nil
    }
}

/// Why a scenario is not run.
package enum SkipReason: Equatable, Sendable, CustomStringConvertible {
    case needsFreshServer
    case needsLaunchedServer
    case needsOwnPort
    case lacksFeature(Need)

    package var description: String {
        switch self {
        case .needsFreshServer:
            "it needs a server that nobody else has used; start the server with --launch, without --reuse"
        case .needsLaunchedServer:
            "it needs a server that the runner starts; use --launch"
        case .needsOwnPort:
            "it needs a server that is started with no arguments, on a port of its own; describe it in a file, with its port (--sut)"
        case .lacksFeature(let need):
            "the server under test does not offer '\(need.rawValue)'"
        }
    }
}
