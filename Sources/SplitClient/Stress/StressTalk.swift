// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What is said in a stress run, and who has heard it: every message judged as it comes.
///
/// A value, while the run is an object: what is looked up for each of millions of messages is
/// found without asking each time whether somebody else is changing it.
struct StressTalk {
    private let text: StressText
    let names: StressNames
    private let groups: StressGroups
    private let hasOneOrder: Bool

    var windows: SendWindows
    var ledger: DeliveryLedger
    var findings = StressFindings()
    /// News that somebody has left, from before all part: not judged until the run's end.
    var early = StressFindings()
    private var order: OrderOfAll
    var news: PresenceNews
    private var known: KnownMessages
    private(set) var latency = LatencyHistogram()
    /// Texts of people who are not of this run.
    private(set) var foreign = 0
    /// When a message last came, whatever it was.
    var lastArrival: Int64 = 0
    /// When something last came that was waited for.
    var lastProgress: Int64 = 0
    /// When a text that was due last came.
    private(set) var lastDelivery: Int64 = 0

    /// Clients that may have room for a message, those that were not looked at from `nextDirty` on.
    private var dirty: [Int] = []
    private var nextDirty = 0
    private var isDirty: [Bool]

    init(
        text: StressText, names: StressNames, groups: StressGroups, windows: SendWindows,
        hasOneOrder: Bool
    ) {
        self.text = text
        self.names = names
        self.groups = groups
        self.hasOneOrder = hasOneOrder
        self.windows = windows
        ledger = DeliveryLedger(groups: groups)
        order = OrderOfAll(clients: hasOneOrder ? groups.clients : 0, ring: windows.ring)
        news = PresenceNews(groups: groups)
        known = KnownMessages(groups: groups, onTheirWay: windows.window, size: text.size)
        isDirty = Array(repeating: false, count: groups.clients)
    }

    mutating func mark(_ client: Int) {
        guard !isDirty[client] else { return }
        isDirty[client] = true
        dirty.append(client)
    }

    /// A client that may have room, which is looked at now.
    mutating func takeDirty() -> Int? {
        guard nextDirty < dirty.count else {
            dirty.removeAll(keepingCapacity: true)
            nextDirty = 0
            return nil
        }
        let client = dirty[nextDirty]
        nextDirty += 1
        isDirty[client] = false
        return client
    }

    /// The server has confirmed the client's next message; `false` where there is none.
    @discardableResult
    mutating func confirmed(_ client: Int, _ now: Int64) -> Bool {
        guard windows.confirm(client) else { return false }
        lastProgress = now
        mark(client)
        return true
    }

    /// The server has said that it did not do what the client asked for.
    mutating func refused(_ message: UnsafeRawBufferPointer, _ client: Int, _ now: Int64) {
        findings.add(
            StressFinding(kind: .refused, sender: client, came: Array(message.prefix(200))))
        confirmed(client, now)
    }

    /// Takes in the message at `start` where it is one that another client has heard and that was
    /// right; where it ends.
    @inline(__always)
    mutating func recognize(
        _ bytes: UnsafeRawBufferPointer, from start: Int, at receiver: Int, _ now: Int64
    ) -> Int? {
        guard let message = known.recognize(bytes, from: start, at: receiver) else { return nil }
        lastArrival = now
        arrived(message.sequence, of: message.sender, at: receiver, now)
        return message.end
    }

    /// A text has come, of the one with this name; `whole` is the message, with what ends it.
    mutating func heard(
        _ said: UnsafeRawBufferPointer, by name: UnsafeRawBufferPointer,
        in whole: UnsafeRawBufferPointer, at receiver: Int, _ now: Int64
    ) {
        guard let head = text.head(of: said), head.sender < groups.clients,
            head.sequence < windows.sent[head.sender],
            ByteScanning.areEqual(name, names.names[head.sender])
        else { return heardStrange(said, by: name, at: receiver, now) }
        if text.isIntact(said, head.sequence, of: head.sender) {
            known.hear(whole, head.sequence, of: head.sender, at: receiver)
        } else {
            found(.corrupted, head.sequence, of: head.sender, at: receiver, came: said)
        }
        arrived(head.sequence, of: head.sender, at: receiver, now)
    }

    /// A text that none of us has said; from one of us it counts for the one that is due.
    private mutating func heardStrange(
        _ said: UnsafeRawBufferPointer, by name: UnsafeRawBufferPointer, at receiver: Int,
        _ now: Int64
    ) {
        guard let sender = names.number(of: name) else {
            foreign += 1
            return
        }
        let due = ledger.due(at: receiver, from: sender)
        found(.corrupted, due, of: sender, at: receiver, came: said)
        if due < windows.sent[sender] { arrived(due, of: sender, at: receiver, now) }
    }

    private mutating func arrived(
        _ sequence: Int, of sender: Int, at receiver: Int, _ now: Int64
    ) {
        switch ledger.arrive(at: receiver, from: sender, sequence) {
        case .fresh(let first):
            (lastProgress, lastDelivery) = (now, now)
            if hasOneOrder { compareOrder(of: sequence, of: sender, at: receiver) }
            if let departure = windows.departure(sender, sequence) { latency.add(now - departure) }
            var passed = first
            while passed <= sequence {
                if windows.receive(sender, passed) { mark(sender) }
                passed = groups.next(after: passed, from: sender)
            }
        case .late:
            (lastProgress, lastDelivery) = (now, now)
            found(.reordered, sequence, of: sender, at: receiver)
        case .duplicate: found(.duplicated, sequence, of: sender, at: receiver)
        case .astray: found(.astray, sequence, of: sender, at: receiver)
        }
    }

    /// Where all are to hear everything in one order, whether this receiver does.
    private mutating func compareOrder(of sequence: Int, of sender: Int, at receiver: Int) {
        guard let other = order.hear(sequence, of: sender, at: receiver) else { return }
        findings.add(
            StressFinding(
                kind: .disagreed, sender: sender, sequence: sequence, receiver: receiver,
                behind: other))
    }

    private mutating func found(
        _ kind: StressFinding.Kind, _ sequence: Int, of sender: Int, at receiver: Int,
        came: UnsafeRawBufferPointer? = nil
    ) {
        findings.add(
            StressFinding(
                kind: kind, sender: sender, sequence: sequence, receiver: receiver,
                came: came.map { Array($0.prefix(200)) }))
    }
}
