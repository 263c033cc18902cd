// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("Who is to hear what, and what has arrived")
struct DeliveryTests {
    @Test("groups are neighbours of like size, and everyone is in one")
    func groups() {
        let groups = StressGroups(clients: 23, size: 10, audience: .others)
        #expect(groups.count == 2)
        let sizes = (0..<23).filter { groups.isFirst($0) }.map { groups.neighbours(of: $0).count }
        #expect(sizes == [11, 12])
        #expect(groups.largest == 12)
        #expect(StressGroups(clients: 2, size: 10, audience: .one).count == 1)
    }

    @Test("who is spoken to in turn hears the numbers that are due, and nobody twice")
    func inTurn() {
        let groups = StressGroups(clients: 9, size: 4, audience: .one)
        for sender in 0..<9 {
            var due: [Int: Int] = [:]
            for sequence in 0..<100 {
                let receiver = groups.recipient(of: sequence, from: sender)
                #expect(receiver != sender && groups.hears(receiver, sender))
                let expected = due[receiver] ?? groups.first(receiver, from: sender)
                #expect(sequence == expected)
                for other in 0..<9 where groups.hears(other, sender) {
                    #expect(groups.hears(other, sender, sequence) == (other == receiver))
                }
                due[receiver] = groups.next(after: sequence, from: sender)
            }
        }
    }

    private func ledger() -> DeliveryLedger {
        DeliveryLedger(groups: StressGroups(clients: 4, size: 2, audience: .others))
    }

    @Test("each message once and in order is all that is right")
    func right() {
        var ledger = ledger()
        for sequence in 0..<5 {
            #expect(ledger.arrive(at: 0, from: 1, sequence) == .fresh(from: sequence))
        }
        #expect(ledger.arrived == 5)
        #expect(ledger.overtaken.isEmpty)
    }

    @Test("a gap is missing until it comes late, and lost if it does not")
    func gap() {
        var ledger = ledger()
        #expect(ledger.arrive(at: 0, from: 1, 3) == .fresh(from: 0))
        #expect(ledger.overtaken.map(\.sequence) == [0, 1, 2])
        #expect(ledger.arrive(at: 0, from: 1, 1) == .late)
        #expect(ledger.arrive(at: 0, from: 1, 1) == .duplicate)
        #expect(ledger.arrive(at: 0, from: 1, 3) == .duplicate)
        var lost: [Delivery] = []
        ledger.forEachLost(of: [0, 6, 0, 0]) { lost.append($0) }
        #expect(lost.map(\.sequence) == [0, 2, 4, 5])
        #expect(lost.allSatisfy { $0.receiver == 0 && $0.sender == 1 })
    }

    @Test("what is for another group, or for the sender itself, is astray")
    func astray() {
        var ledger = ledger()
        #expect(ledger.arrive(at: 0, from: 2, 0) == .astray)
        #expect(ledger.arrive(at: 1, from: 1, 0) == .astray)
    }

    @Test("runs of eight go to one receiver, so that two that are swapped are seen")
    func runs() {
        let groups = StressGroups(clients: 4, size: 4, audience: .one)
        let receivers = (0..<32).map { groups.recipient(of: $0, from: 2) }
        let expected = [3, 0, 1, 3].flatMap { repeatElement($0, count: 8) }
        #expect(receivers == expected)
        var ledger = DeliveryLedger(groups: groups)
        #expect(ledger.arrive(at: 0, from: 2, 9) == .fresh(from: 8))
        #expect(ledger.arrive(at: 0, from: 2, 8) == .late)
        #expect(ledger.arrive(at: 0, from: 2, 16) == .astray)
        #expect(ledger.arrive(at: 0, from: 2, 33) == .fresh(from: 10))
        #expect(ledger.overtaken.map(\.sequence) == [10, 11, 12, 13, 14, 15, 32])
        #expect(ledger.overtakenCount == 7)
    }

    @Test("in one order of all nobody disagrees; who hears two the other way round does")
    func oneOrder() {
        var order = OrderOfAll(clients: 3, ring: 64)
        for (sequence, sender) in [(0, 0), (0, 1), (1, 0)] {
            for receiver in 0..<2 {
                #expect(order.hear(sequence, of: sender, at: receiver) == nil)
            }
        }
        #expect(order.hear(0, of: 1, at: 2) == nil)
        let behind = order.hear(0, of: 0, at: 2)
        #expect(behind == SaidMessage(sender: 1, sequence: 0))
        #expect(order.hear(1, of: 0, at: 2) == nil)
    }

    @Test("what is too old to be remembered is not compared")
    func forgottenOrder() {
        var order = OrderOfAll(clients: 2, ring: 4)
        for sequence in 0..<5 { #expect(order.hear(sequence, of: 0, at: 0) == nil) }
        #expect(order.hear(0, of: 0, at: 1) == nil)
        #expect(order.hear(4, of: 0, at: 1) == nil)
        #expect(order.hear(1, of: 0, at: 1) == SaidMessage(sender: 0, sequence: 4))
    }

    @Test("a window closes until all receivers have a message, and it is confirmed")
    func windows() {
        var windows = SendWindows(clients: 2, window: 2, needsConfirmation: true)
        let first = windows.send(from: 1, receivers: 2, at: 10)
        _ = windows.send(from: 1, receivers: 2, at: 11)
        #expect(windows.room(of: 1) == 0)
        _ = windows.receive(1, first)
        _ = windows.receive(1, first)
        #expect(windows.room(of: 1) == 0)
        #expect(windows.confirm(1) == true)
        #expect(windows.room(of: 1) == 1)
        #expect(windows.unconfirmed(1) == 1)
        #expect(windows.departure(1, first) == 10)
        #expect(windows.letGo(1, before: 100) == false)
        #expect(windows.confirm(1) == true)
        #expect(windows.letGo(1, before: 100) == true)
        #expect(windows.isIdle(1))
        #expect(windows.confirm(1) == false)
    }
}
