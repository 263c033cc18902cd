// SPDX-License-Identifier: Apache-2.0

/// Faults in cutting a connection a's stream into lines.
enum CallbackCutFault: String, FaultFamily {
    case readIsMessage = "each-read-is-a-message"
    case actsEarly = "acts-before-the-newline"
    case repeatsCutLines = "repeats-cut-lines"
    case firstLineOnly = "loses-coalesced-lines"
    case sharedBuffer = "mixes-connections"

    var meaning: FaultMeaning {
        switch self {
        case .readIsMessage: .init("framing.partial", "what a read brings is one message")
        case .actsEarly: .init("framing.newline", "a line counts before its newline is there")
        case .repeatsCutLines: .init("framing.partial", "a line in pieces is done twice")
        case .firstLineOnly: .init("framing.coalesced", "of the lines of a read one counts")
        case .sharedBuffer: .init("framing.per-connection", "half lines of all share one buffer")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        CallbackMiscutServer(fault: self, server: CallbackServer(configuration))
    }
}

private struct CallbackMiscutServer: ChatServer {
    let fault: CallbackCutFault
    var server: CallbackServer
    var pending: [ConnectionID: [UInt8]] = [:]
    /// Connections whose line was acted on before its newline came.
    var early: Set<ConnectionID> = []
    /// Lines that wait until the one before is answered.
    var waiting: [ConnectionID: [[UInt8]]] = [:]

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard server.sessions[connection] != nil else {
            let taken = server.receive(bytes, from: connection, into: &effects)
            proceed(into: &effects)
            return taken
        }
        waiting[connection, default: []] += lines(bytes.bytes, from: connection)
        proceed(into: &effects)
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        if case .closed(let connection) = event {
            pending[connection] = nil
            early.remove(connection)
            waiting[connection] = nil
        }
        server.handle(event, into: &effects)
        proceed(into: &effects)
    }

    /// Does the lines of those whose last command is answered.
    private mutating func proceed(into effects: inout EffectBuffer) {
        var isDone = false
        while !isDone {
            isDone = true
            for (connection, lines) in waiting where !lines.isEmpty {
                guard server.sessions[connection]?.task == nil else { continue }
                waiting[connection]?.removeFirst()
                let line = lines[0]
                server.act(on: line.span, from: connection, into: &effects)
                isDone = false
            }
        }
        server.askForTime(into: &effects)
    }

    private mutating func lines(_ bytes: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        if fault == .readIsMessage { return [bytes.last == 0x0A ? bytes.dropLast() : bytes] }
        let shared = ConnectionID(slot: .max, generation: .max)
        let owner = fault == .sharedBuffer ? shared : connection
        var stream = (pending[owner] ?? []) + bytes
        let wasCut = stream.count > bytes.count
        var lines: [[UInt8]] = []
        while let end = stream.firstIndex(of: 0x0A) {
            lines.append(Array(stream[..<end]))
            stream.removeFirst(end + 1)
        }
        pending[owner] = stream
        switch fault {
        case .readIsMessage, .sharedBuffer: return lines
        case .repeatsCutLines: return wasCut ? lines.prefix(1) + lines : lines
        case .firstLineOnly: return Array(lines.prefix(1))
        case .actsEarly: return actEarly(lines, owner)
        }
    }

    /// Takes a line for whole as soon as a read has brought some of it; the rest counts no more.
    private mutating func actEarly(_ lines: [[UInt8]], _ owner: ConnectionID) -> [[UInt8]] {
        var all = lines
        if early.contains(owner), !all.isEmpty {
            all.removeFirst()
            early.remove(owner)
        }
        guard let rest = pending[owner], !rest.isEmpty, early.insert(owner).inserted else {
            return all
        }
        return all + [rest]
    }
}
