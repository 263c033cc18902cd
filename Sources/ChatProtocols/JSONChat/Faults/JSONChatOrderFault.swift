// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Faults in the order in which messages arrive.
enum JSONChatOrderFault: String, FaultFamily {
    case swapsTexts = "swaps-two-texts"
    case oddOnesDiffer = "every-second-client-hears-another-order"
    case historyLate = "history-comes-after-live-messages"

    var meaning: FaultMeaning {
        switch self {
        case .swapsTexts: .init("msg.order", "every third text arrives behind the next one")
        case .oddOnesDiffer:
            .init("msg.total-order", "some hear texts of two authors the other way round")
        case .historyLate:
            .init("login.history-before-live", "a history of something waits for the next message")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        JSONChatMisorderingServer(
            fault: self,
            server: JSONChatServer(JSONChatSettings(configuration))
        )
    }
}

private struct JSONChatMisorderingServer: ChatServer {
    private struct Response {
        let line: [UInt8]
        let kind: String?
        /// Whether its content is an empty array.
        let isEmpty: Bool
        let sender: [UInt8]
    }

    let fault: JSONChatOrderFault
    var server: JSONChatServer
    var right = EffectBuffer()
    private var counts: [ConnectionID: Int] = [:]
    private var held: [ConnectionID: Response] = [:]

    init(fault: JSONChatOrderFault, server: JSONChatServer) {
        self.fault = fault
        self.server = server
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        let taken = server.receive(bytes, from: connection, into: &right)
        reorder(into: &effects)
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        if case .closed(let connection) = event {
            counts[connection] = nil
            held[connection] = nil
        }
        server.handle(event, into: &right)
        reorder(into: &effects)
    }

    private mutating func reorder(into effects: inout EffectBuffer) {
        for effect in right.effects {
            switch effect {
            case .reply(let target, let payload):
                for response in responses(right.payloads[payload]) {
                    for line in order(response, to: target) { effects.payloads += line }
                }
                effects.reply(to: target)
            case .deliver(let targets, let payload):
                for target in right.targets[targets] {
                    for response in responses(right.payloads[payload]) {
                        for line in order(response, to: target) { effects.payloads += line }
                    }
                    effects.deliver(to: target)
                }
            case .close(let connection): effects.close(connection)
            case .abort(let connection): effects.abort(connection)
            case .store(let index): effects.store(right.writes[index])
            case .wake(let elapsed): effects.wake(at: elapsed)
            case .pause(let connection): effects.pause(connection)
            case .resume(let connection): effects.resume(connection)
            case .replyShared, .connect, .cancelConnect, .password, .lookUp, .log, .hold,
                .tellWhenSent, .widen:
                break  // It asks for nothing of that kind.
            }
        }
        right.removeAll()
    }

    private func responses(_ payload: ArraySlice<UInt8>) -> [Response] {
        payload.split(separator: 0x0A).map { line in
            let limits = JSONLimits(maximumBytes: 1 << 30)
            let value = try? JSONReader.parse(whole: line, limits: limits).value
            return Response(
                line: line + [0x0A],
                kind: value?["response"]?.value.text,
                isEmpty: value?["content"]?.value.elements?.isEmpty == true,
                sender: value?["sender"]?.value.bytes ?? []
            )
        }
    }

    /// The lines that a client gets now, when the right server sends it a response.
    private mutating func order(_ response: Response, to target: ConnectionID) -> [[UInt8]] {
        if fault == .historyLate, response.kind == "history", !response.isEmpty {
            held[target] = response
            return []
        }
        let isOwn = server.users[response.sender] == target
        guard response.kind == "message", !isOwn || fault == .historyLate else {
            return [response.line]
        }
        if let earlier = held.removeValue(forKey: target) {
            let sameAuthor = earlier.sender == response.sender
            let keepsOrder = fault == .oddOnesDiffer && sameAuthor
            return keepsOrder ? [earlier.line, response.line] : [response.line, earlier.line]
        }
        counts[target, default: 0] += 1
        guard isHeld(target) else { return [response.line] }
        held[target] = response
        return []
    }

    private func isHeld(_ target: ConnectionID) -> Bool {
        let count = counts[target, default: 0]
        return switch fault {
        case .swapsTexts: count.isMultiple(of: 3)
        case .oddOnesDiffer: !target.slot.isMultiple(of: 2) && count.isMultiple(of: 2)
        case .historyLate: false
        }
    }
}
