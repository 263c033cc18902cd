// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols
package import ConformanceCore
import Specs

extension ChatProtocol {
    /// The reference server in memory as a system under test, with every feature that it can have.
    ///
    /// A machine is no process that could be started again, so nothing that needs that is run.
    package var systemInMemory: SystemUnderTest {
        var system = SystemUnderTest.complete
        system.isLaunched = false
        return system
    }

    /// What the machine must be told so that it has those features, and knows the accounts of the
    /// plans that this planner makes.
    package func configurationInMemory(for planner: Planner) -> ServerConfiguration {
        var configuration = ServerConfiguration()
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
