// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conformance

@Suite("The doctor")
struct DoctorTests {
    @Test("the right to raw sockets is read from the mask of effective capabilities")
    func rawSockets() {
        let status = { (mask: String) in Array("Name:\tx\nCapEff:\t\(mask)\nSeccomp:\t0\n".utf8) }
        #expect(Checkup.hasRawSockets(status("0000000000002000")))
        #expect(Checkup.hasRawSockets(status("000001ffffffffff")))
        #expect(!Checkup.hasRawSockets(status("0000000000001000")))
        #expect(!Checkup.hasRawSockets(Array("CapPrm:\t000001ffffffffff\n".utf8)))
        #expect(!Checkup.hasRawSockets([]))
    }

    @Test("where these tests run, connections and free ports are there, so runs are possible")
    func here() {
        #expect(Checkup.loopback().grade == .fine)
        #expect(Checkup.freePorts().grade == .fine)
        let console = Console(
            print: { text in #expect(!text.contains("missing")) }, complain: { _ in })
        #expect(DoctorCommand.run(console) == .success)
    }
}
