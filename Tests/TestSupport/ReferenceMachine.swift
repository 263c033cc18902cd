// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols
package import ConformanceCore
package import Specs

extension ChatProtocol {
    /// The reference server in memory as a system under test, with every feature that it can have.
    ///
    /// A machine is no process that could be started again, so nothing that needs that is run; but
    /// it can be told of peers that the runner plays.
    package var systemInMemory: SystemUnderTest {
        var system = SystemUnderTest.complete
        system.isLaunched = false
        return system
    }

    /// What the machine must be told so that it has those features, and knows the accounts of the
    /// plans that this planner makes.
    package func configurationInMemory(
        for planner: Planner, _ plan: Plan? = nil
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        for file in files where file.name == "peers" {
            configuration.give(contents: plan?.peersInMemory ?? [], of: file)
        }
        if let accounts = planner.suite.document.accounts {
            let known = planner.system.accounts.accounts(
                of: planner.suite.document, seed: planner.seed)
            for file in files where file.name == "users" {
                configuration.give(contents: accounts.file(known), of: file)
            }
        }
        for option in options where option.name == "moderator" {
            configuration.give(systemInMemory.features["moderators"] ?? "", for: option)
        }
        return configuration
    }
}

extension SystemUnderTest {
    /// Why a scenario cannot be run in memory; `nil` where it can.
    package func missingInMemory(_ scenario: Scenario) -> SkipReason? {
        let isToldOfPeers = scenario.servers.count == 1 && !scenario.servers[0].files.isEmpty
        return missing(scenario.needs.filter { !isToldOfPeers || $0 != .launched })
    }

    /// The same for a plan of a scenario that can.
    package func missingInMemory(_ plan: Plan) -> SkipReason? {
        var plan = plan
        if plan.servers.count == 1, plan.isStaged { plan.needs.removeAll { $0 == .launched } }
        return missing(plan)
    }
}

extension Plan {
    /// The peers file of the machine: the ports of the first steps are opened in their order.
    fileprivate var peersInMemory: [UInt8]? {
        var known: [String: [UInt8]] = [:]
        for (place, first) in firstListeners.enumerated() {
            let number = String(MemoryPorts.number(place))
            known[listeners[first.listener.index].portCapture] = Array(number.utf8)
        }
        return servers[0].files[.peers]?.filled(with: known)
    }
}
