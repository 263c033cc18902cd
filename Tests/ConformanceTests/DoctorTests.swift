// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@testable import Conformance

@Suite("The doctor")
struct DoctorTests {
    @Test("a capture that is not possible comes with how to allow it")
    func capture() {
        let denied = Checkup.capture { () throws(CaptureUnavailable) -> Bool in
            throw .notPermitted(SystemCallError(call: "socket", code: 1))
        }
        #expect(denied.grade == .less)
        #expect(denied.text.contains("setcap cap_net_raw+ep "))
        let missing = Checkup.capture { () throws(CaptureUnavailable) -> Bool in
            throw .noLibrary("libpcap cannot be loaded")
        }
        #expect(missing.text.contains("apt-get install libpcap0.8"))
        #expect(Checkup.capture { false }.grade == .less)
        #expect(Checkup.capture { true }.grade == .fine)
    }

    @Test("where loopback is down or missing, that is said, with what brings it up")
    func loopback() {
        func text(_ interface: Checkup.LoopbackInterface) -> String {
            let finding = Checkup.loopback(interface) { () throws(SystemCallError) in
                throw SystemCallError(call: "connect", code: 101)
            }
            #expect(finding.grade == .missing)
            return finding.text
        }
        let down = NetworkInterface(name: "lo", isLoopback: true, isUp: false)
        #expect(text(.found(down)).contains("the loopback interface is down: `ip link set lo up`"))
        #expect(text(.missing).contains("there is no loopback interface"))
        let isUp = NetworkInterface(name: "lo", isLoopback: true)
        #expect(text(.found(isUp)).contains("allow TCP"))
        #expect(!text(.unknown).contains("is down"))
    }

    @Test("where packets may be recorded, they are")
    func captureHere() {
        let isAllowed = (try? PacketCapture.checkPrivilege()) != nil
        #expect((Checkup.capture().grade == .fine) == isAllowed)
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
