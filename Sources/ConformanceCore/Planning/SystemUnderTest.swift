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
    /// Whether it is on this machine, at a loopback address of IPv4.
    package var isLocal = false
    package var accounts = AccountPool.none
    /// Features of which only the protocol says what they are worth.
    package private(set) var assumed: Set<String> = []

    package init(features: [String: String] = [:], isLaunched: Bool, isFresh: Bool) {
        self.features = features
        self.isLaunched = isLaunched
        self.isFresh = isFresh
    }

    /// The same, with what servers of the protocol offer where nothing else is said.
    func with(defaults: [String: String]) -> SystemUnderTest {
        var system = self
        system.assumed.formUnion(defaults.keys.filter { features[$0] == nil })
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
        system.isLocal = true
        system.accounts = .drawn(seed: nil)
        return system
    }()

    private static let values: [Need: String] = [
        .capacity: "16", .moderators: "Moderator1", .receiptTimeout: "5s",
    ]

    /// Why a case cannot be run; `nil` where it can.
    package func missing(_ plan: Plan) -> SkipReason? {
        if let reason = missing(plan.needs) { return reason }
        if plan.accounts > accounts.count {
            return .lacksAccounts(needed: plan.accounts, there: accounts.count)
        }
        return lackOfPlaces(plan) ?? plan.lack.map { .lacksValue($0) }
    }

    /// A scenario that is about the number of places needs it, and knows what it does; but for one
    /// place, of which the first and the last user are the same.
    private func lackOfPlaces(_ plan: Plan) -> SkipReason? {
        guard let feature = plan.document.places,
            let there = features[feature.rawValue].flatMap({ Int($0) })
        else { return nil }
        let peers = Set(plan.links.map(\.peer)).count
        let needed = plan.needs.contains(feature) ? 2 : peers
        return needed > there ? .lacksPlaces(feature, needed: needed, there: there) : nil
    }

    /// Why a scenario with these needs cannot be run; `nil` where it can.
    package func missing(_ needs: [Need]) -> SkipReason? {
        for need in needs {
            switch need {
            case .fresh: if !isFresh { return .needsFreshServer }
            case .launched: if !isLaunched { return .needsLaunchedServer }
            case .ownPort: if !hasOwnPort { return .needsOwnPort }
            case .local: if !isLocal { return .needsLocalServer }
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
    case needsLocalServer
    case lacksFeature(Need)
    /// More accounts are needed than the server under test is known to have.
    case lacksAccounts(needed: Int, there: Int)
    /// More clients are needed at once than the server under test serves.
    case lacksPlaces(Need, needed: Int, there: Int)
    /// Of the values that are given, none can be made into what it is about.
    case lacksValue(String)

    package var description: String {
        switch self {
        case .needsFreshServer:
            "it needs a server that nobody else has used; start the server with --launch, without --reuse"
        case .needsLaunchedServer:
            "it needs a server that the runner starts; use --launch"
        case .needsOwnPort:
            "it needs a server that is started with no arguments, on a port of its own; describe it in a file, with its port (--sut)"
        case .needsLocalServer:
            "it needs a server on this machine, at an address of 127.0.0.0/8"
        case .lacksAccounts(let needed, 0):
            "it needs \(needed) account\(needed == 1 ? "" : "s") and none is known; name a file of them with --users, or write {users} in the launch line"
        case .lacksAccounts(let needed, let there):
            "it needs \(needed) accounts and \(there == 1 ? "one is" : "\(there) are") known; --users can name a file with more"
        case .lacksPlaces(let feature, let needed, let there):
            "it needs \(needed) clients at once, and the server serves \(there) (\(feature.rawValue))"
        case .lacksValue(let what): what
        case .lacksFeature(let need):
            "the server under test does not offer '\(need.rawValue)'"
        }
    }
}
