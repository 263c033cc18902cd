// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols
package import ConformanceCore

extension ChatProtocol {
    /// The reference server in memory as a system under test, with every feature that it can have.
    ///
    /// A machine is no process that could be started again, so nothing that needs that is run.
    package var systemInMemory: SystemUnderTest {
        var system = SystemUnderTest.complete
        system.isLaunched = false
        return system
    }

    /// What the machine must be told so that it has those features.
    package var configurationInMemory: ServerConfiguration {
        var configuration = ServerConfiguration()
        for option in options where option.name == "moderator" {
            configuration.give(systemInMemory.features["moderators"] ?? "", for: option)
        }
        return configuration
    }
}
