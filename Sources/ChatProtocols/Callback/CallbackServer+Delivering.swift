// SPDX-License-Identifier: Apache-2.0

/// How messages come to their receivers, and receipts back to the senders.
extension CallbackServer {
    /// Sends a line to each receiver, by their connections a; `nil` is one who is not there.
    ///
    /// The sender is answered when all is settled: at once where nothing is on its way.
    mutating func send(
        _ line: [UInt8],
        to receivers: [ConnectionID?],
        by client: CallbackClient,
        into effects: inout EffectBuffer
    ) {
        let delivery = CallbackDelivery(
            sender: client.connection,
            number: nextNumber(),
            line: line
        )
        var free = MemberList()
        let posted = receivers.count { post(delivery, to: $0, free: &free) }
        effects.payloads += line
        effects.deliver(to: free)
        let hasFailed = posted < receivers.count
        guard posted > 0 else {
            let text = hasFailed ? CallbackText.notDelivered : CallbackText.delivered
            answer(text, to: client.connection, into: &effects)
            return
        }
        let sending = CallbackSending(
            number: delivery.number,
            deliveriesLeft: posted,
            hasFailed: hasFailed
        )
        hold(client.connection, .sending(sending), into: &effects)
    }

    /// Makes a message due where nothing is, else lets it wait; `false` where it can do neither.
    ///
    /// The connections b that it is to be sent to now are added to `free`.
    mutating func post(
        _ delivery: CallbackDelivery,
        to receiver: ConnectionID?,
        free: inout MemberList
    ) -> Bool {
        guard let receiver, let line = sessions[receiver]?.line else { return false }
        var isFree = false
        var isTaken = false
        lines.update(line) { state in
            isFree = state.due == nil
            isTaken = isFree || state.enqueue(delivery)
        }
        if isFree {
            expectReceipt(of: delivery, on: line)
            free.insert(line)
        }
        return isTaken
    }

    private mutating func expectReceipt(of delivery: CallbackDelivery, on line: ConnectionID) {
        lines.update(line) { state in
            state.due = delivery
            state.framer = CallbackFramer()
        }
        wait(for: .receipt(line))
    }

    /// Takes what comes on a connection b: up to one line where a receipt is due, else nothing.
    mutating func hear(
        _ bytes: Span<UInt8>,
        on line: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        var isConfirmed: Bool?
        lines.update(line) { state in
            guard state.due != nil else { return }
            _ = state.framer.take(bytes) { piece, text in
                isConfirmed = piece == .line && CallbackCommand.isReceipt(text)
            }
        }
        if let isConfirmed { conclude(line, isConfirmed: isConfirmed, into: &effects) }
    }

    /// Ends what is due on a connection b, and sends there what has waited.
    mutating func conclude(
        _ line: ConnectionID,
        isConfirmed: Bool,
        into effects: inout EffectBuffer
    ) {
        var concluded: CallbackDelivery?
        var next: CallbackDelivery?
        lines.update(line) { state in
            concluded = state.due
            state.due = nil
            next = state.dequeue()
        }
        deadlines.remove(.receipt(line))
        if let next {
            expectReceipt(of: next, on: line)
            effects.payloads += next.line
            effects.deliver(to: line)
        }
        if let concluded { settle(concluded, isConfirmed: isConfirmed, into: &effects) }
    }

    /// Counts one delivery, and answers its sender when it was the last; who is gone is not answered.
    mutating func settle(
        _ delivery: CallbackDelivery,
        isConfirmed: Bool,
        into effects: inout EffectBuffer
    ) {
        guard case .sending(var sending) = sessions[delivery.sender]?.task,
            sending.number == delivery.number
        else { return }
        sending.deliveriesLeft -= 1
        if !isConfirmed { sending.hasFailed = true }
        sessions.update(delivery.sender) { $0.task = .sending(sending) }
        guard sending.deliveriesLeft == 0 else { return }
        let text = sending.hasFailed ? CallbackText.notDelivered : CallbackText.delivered
        finish(delivery.sender, text, into: &effects)
    }
}
