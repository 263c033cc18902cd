// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("How long a chat waits")
struct PatienceTests {
    @Test("too long is told once for each thing that is waited for")
    func once() {
        var patience = Patience(0)
        for number in 1...2 {
            #expect(patience.left(for: number) != nil)
            #expect(patience.left(for: number) == nil)
            #expect(patience.left(for: number) == .max)
        }
    }

    @Test("what was stopped has all its time again")
    func stop() {
        var patience = Patience(0)
        _ = patience.left(for: 1)
        #expect(patience.left(for: 1) == nil)
        patience.stop()
        #expect(patience.left(for: 1) != nil)
        #expect(patience.left(for: 1) == nil)
    }
}
