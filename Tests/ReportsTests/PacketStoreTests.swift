// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing

@Suite("the packets that may still be wanted")
struct PacketStoreTests {
    private func packet(_ time: Int64, bytes: Int = 100) -> RecordedPacket {
        RecordedPacket(time: time, length: bytes, bytes: [UInt8](repeating: 0, count: bytes))
    }

    @Test("packets are found by their times, until they are let go")
    func times() {
        var store = PacketStore(limit: 1 << 20, began: 0)
        for time in 1...10 { store.add(packet(Int64(time))) }
        #expect(store.packets(3...5).map(\.time) == [3, 4, 5])
        store.forget(before: 5)
        #expect(store.packets(3...6).map(\.time) == [5, 6])
        #expect(store.latest == 10)
        #expect(!store.hasOverflown(1...4))
    }

    @Test("a long run holds what its last scenarios sent, and no more")
    func bounded() {
        var store = PacketStore(limit: 1 << 20, began: 0)
        var most = 0
        for time in 0..<Int64(100_000) {
            store.add(packet(time))
            if time.isMultiple(of: 50) { store.forget(before: time) }
            most = max(most, store.held)
        }
        #expect(most < 20_000)
        #expect(store.packets(99_990...100_000).count == 10)
    }

    @Test("when too many come the oldest go, and those who miss them are told")
    func overflow() {
        var store = PacketStore(limit: 10_000, began: 0)
        for time in 0..<Int64(1000) { store.add(packet(time)) }
        #expect(store.held <= 10_000)
        #expect(store.hasOverflown(0...10))
        #expect(!store.hasOverflown(990...999))
        #expect(store.packets(990...999).count == 10)
    }

    @Test("what the kernel lost concerns whoever ran between the two looks at its count")
    func losses() {
        var store = PacketStore(limit: 10_000, began: 0)
        store.note(dropped: 0, at: 10)
        store.note(dropped: 3, at: 20)
        store.note(dropped: 3, at: 30)
        #expect(store.lost(0...9) == 0)
        #expect(store.lost(5...15) == 3)
        #expect(store.lost(15...25) == 3)
        #expect(store.lost(21...40) == 0)
        store.forget(before: 21)
        #expect(store.lost(15...25) == 0)
    }
}
