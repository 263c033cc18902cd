// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatProtocols

@Suite("Effects")
struct EffectBufferTests {
    private let ids = (0..<4).map { ConnectionID(slot: UInt32($0), generation: 0) }

    private func members(_ some: [ConnectionID]) -> MemberList {
        var list = MemberList()
        for id in some { list.insert(id) }
        return list
    }

    @Test("a payload for many is written once, and the sender is left out")
    func broadcast() {
        var effects = EffectBuffer()
        effects.payloads += [1, 2, 3]
        effects.deliver(to: members(ids), except: ids[1])
        #expect(effects.effects == [.deliver(targets: 0..<3, payload: 0..<3)])
        #expect(Set(effects.targets) == [ids[0], ids[2], ids[3]])
        #expect(effects.payloads == [1, 2, 3])
    }

    @Test("a payload for nobody is forgotten")
    func nobody() {
        var effects = EffectBuffer()
        effects.payloads += [1, 2, 3]
        effects.deliver(to: members([ids[0]]), except: ids[0])
        #expect(effects.isEmpty)
        #expect(effects.payloads.isEmpty)
        effects.payloads += [4]
        effects.reply(to: ids[0])
        #expect(effects.effects == [.reply(to: ids[0], payload: 0..<1)])
    }

    @Test("payloads in a row for the same targets become one effect")
    func joins() {
        var effects = EffectBuffer()
        for byte in [1, 2] as [UInt8] {
            effects.payloads.append(byte)
            effects.deliver(to: members(ids), except: ids[0])
        }
        #expect(effects.effects == [.deliver(targets: 0..<3, payload: 0..<2)])
        #expect(effects.targets.count == 3)
    }

    @Test("payloads in a row stay apart where they would come to more than the mark of fullness")
    func joinsNotForEver() {
        var effects = EffectBuffer()
        let count = Limits.effectBytes / 4
        for _ in 0..<6 {
            effects.payloads += [UInt8](repeating: 1, count: count)
            effects.deliver(to: ids[0])
        }
        // One that is longer alone is not cut.
        effects.payloads += [UInt8](repeating: 1, count: 8 * count)
        effects.deliver(to: ids[0])
        #expect(
            effects.effects == [
                .deliver(targets: 0..<1, payload: 0..<(4 * count)),
                .deliver(targets: 1..<2, payload: (4 * count)..<(6 * count)),
                .deliver(targets: 2..<3, payload: (6 * count)..<(14 * count)),
            ]
        )
    }

    @Test("a payload can be sent to one more, if it is the last and was sent as it is")
    func again() {
        var effects = EffectBuffer()
        var sent = [effects.deliverAgain([1, 2], to: ids[0])]
        effects.payloads += [1, 2]
        effects.deliver(to: ids[0])
        for id in ids[1...] { sent.append(effects.deliverAgain([1, 2], to: id)) }
        sent.append(effects.deliverAgain([1, 3], to: ids[0]))
        #expect(sent == [false, true, true, true, false])
        #expect(effects.effects == [.deliver(targets: 0..<4, payload: 0..<2)])
        #expect(effects.targets == ids)
    }

    @Test("a payload that was sent with another, or as an answer, is not sent to one more")
    func notAgain() {
        var effects = EffectBuffer()
        for _ in 0..<2 {
            effects.payloads += [1, 2]
            effects.deliver(to: ids[0])
        }
        var sent = [effects.deliverAgain([1, 2], to: ids[1])]
        effects.payloads += [1, 2]
        effects.reply(to: ids[0])
        sent.append(effects.deliverAgain([1, 2], to: ids[1]))
        #expect(sent == [false, false])
    }

    @Test("payloads for other targets, or with something between them, stay apart and in order")
    func staysApart() {
        var effects = EffectBuffer()
        let all = members(ids)
        effects.payloads.append(1)
        effects.deliver(to: all, except: ids[0])
        effects.payloads.append(2)
        effects.deliver(to: all, except: ids[1])
        effects.payloads.append(3)
        effects.reply(to: ids[0])
        effects.payloads.append(4)
        effects.deliver(to: all, except: ids[1])
        effects.close(ids[2])
        #expect(
            effects.effects == [
                .deliver(targets: 0..<3, payload: 0..<1),
                .deliver(targets: 3..<6, payload: 1..<2),
                .reply(to: ids[0], payload: 2..<3),
                .deliver(targets: 6..<9, payload: 3..<4),
                .close(ids[2]),
            ]
        )
    }

    @Test("who leaves a room is out of it, whatever the order")
    func memberList() {
        var list = members(ids)
        list.insert(ids[0])
        list.remove(ids[1])
        list.remove(ids[1])
        list.remove(ids[3])
        #expect(Set(list.connections) == [ids[0], ids[2]])
        #expect(list.connections.count == 2)
        for id in ids {
            #expect(
                list.place(of: id).map { list.connections[$0] }
                    == (list.place(of: id) == nil ? nil : id)
            )
        }
        list.remove(ids[0])
        list.remove(ids[2])
        #expect(list.isEmpty)
    }
}
