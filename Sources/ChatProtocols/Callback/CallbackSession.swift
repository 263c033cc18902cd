// SPDX-License-Identifier: Apache-2.0

/// One client by its connection a: what is left of its stream, and where its conversation stands.
struct CallbackSession {
    /// The states of the diagram at the head of `CallbackServer.swift`.
    enum State: Equatable {
        case visitor
        case user(name: [UInt8])
        case leaving
    }

    /// What the command in hand waits for.
    enum Task: Equatable {
        case connecting(ConnectTicket)
        case sending(CallbackSending)
    }

    var framer = CallbackFramer()
    var state = State.visitor
    /// `nil` where the next command may be taken.
    var task: Task?
    /// The connection b, once there is one.
    var line: ConnectionID?
}

/// A message whose deliveries its sender waits for.
struct CallbackSending: Equatable {
    /// Tells a client's messages apart.
    let number: UInt64
    var deliveriesLeft: Int
    var hasFailed = false
}

/// A message on its way to one receiver.
struct CallbackDelivery {
    let sender: ConnectionID
    /// That of the sender's ``CallbackSending``.
    let number: UInt64
    let line: [UInt8]
}

/// One connection b: the message that its receipt is due for, and those that wait.
struct CallbackLine {
    /// The connection a of its user.
    let owner: ConnectionID
    var framer = CallbackFramer()
    /// What was sent there and is not confirmed; nothing waits where there is none.
    var due: CallbackDelivery?
    private(set) var queue: [CallbackDelivery] = []
    private var queuedBytes = 0

    init(owner: ConnectionID) { self.owner = owner }

    /// Adds a message behind those that wait; `false` where there is no room.
    mutating func enqueue(_ delivery: CallbackDelivery) -> Bool {
        guard queue.count < Limits.callbackQueue,
            queuedBytes + delivery.line.count <= Limits.callbackQueueBytes
        else { return false }
        queue.append(delivery)
        queuedBytes += delivery.line.count
        return true
    }

    /// Takes out the message that has waited longest.
    mutating func dequeue() -> CallbackDelivery? {
        guard !queue.isEmpty else { return nil }
        let delivery = queue.removeFirst()
        queuedBytes -= delivery.line.count
        return delivery
    }
}
