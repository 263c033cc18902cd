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
        CallbackMiscutServer(
            cutter: LineMiscutter(self), server: CallbackServer(configuration))
    }
}

/// Does the lines itself, each when the one before is answered: what the server cut anew would be
/// two messages where one was wanted.
private struct CallbackMiscutServer: ChatServer {
    var cutter: LineMiscutter
    var server: CallbackServer
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
        waiting[connection, default: []] += cutter.lines(bytes.bytes, from: connection)
        proceed(into: &effects)
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        if case .closed(let connection) = event { waiting[connection] = nil }
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
}
