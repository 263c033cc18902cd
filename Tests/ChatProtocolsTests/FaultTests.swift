// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Testing

@Suite("Faults")
struct FaultTests {
    @Test(
        "names differ, and each fault says what it breaks",
        arguments: ProtocolCatalog.protocols.map(\.name)
    )
    func areNamed(_ name: String) throws {
        let faults = try #require(ProtocolCatalog.find(name)).faults
        #expect(faults.count > 50)
        #expect(Set(faults.map(\.name)).count == faults.count)
        #expect(faults.allSatisfy { $0.breaks.contains(".") && !$0.summary.isEmpty })
    }
}
