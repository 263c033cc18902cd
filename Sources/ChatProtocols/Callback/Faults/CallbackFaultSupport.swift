// SPDX-License-Identifier: Apache-2.0

/// Commands that wait until the one before is answered, for wrappers that cut the stream themselves.
struct CallbackCutter {
    private var framers: [ConnectionID: CallbackFramer] = [:]

    /// Takes the bytes up to the end of one line; the line, where that completes it.
    mutating func line(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID
    ) -> (taken: Int, line: [UInt8]?) {
        var framer = framers[connection] ?? CallbackFramer()
        var line: [UInt8]?
        let taken = framer.take(bytes) { piece, text in
            // What is too long is no fault's business.
            line = piece == .line ? text.bytes : []
        }
        framers[connection] = framer
        return (taken, line)
    }

    func isInLine(_ connection: ConnectionID) -> Bool { framers[connection]?.isInLine ?? false }

    mutating func forget(_ event: ServerEvent) {
        if case .closed(let connection) = event { framers[connection] = nil }
    }
}

/// Faults in what one line of a connection a does, or in how a receipt is taken.
protocol CallbackCommandFault: FaultFamily {
    /// Does a line wrongly; `false` leaves it to the server that is right.
    func perform(
        _ request: CallbackRequest,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool
}

extension CallbackCommandFault {
    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        CallbackMisbehavingServer(fault: self, server: CallbackServer(configuration))
    }
}

/// One line of a connection a, and who sent it.
struct CallbackRequest {
    let connection: ConnectionID
    let line: [UInt8]
    /// `nil` before the login.
    let client: CallbackClient?

    var command: CallbackCommand { CallbackCommand(line.span) }

    var words: [[UInt8]] {
        line.split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
    }

    func part(_ range: Range<Int>) -> [UInt8] { Array(line[range]) }

    func begins(with word: String) -> Bool { words.first == Array(word.utf8) }
}

private struct CallbackMisbehavingServer<Family: CallbackCommandFault>: ChatServer {
    let fault: Family
    var server: CallbackServer
    var cutter = CallbackCutter()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard server.sessions[connection] != nil else {
            return server.receive(bytes, from: connection, into: &effects)
        }
        var taken = 0
        while taken < bytes.count, server.sessions[connection]?.task == nil {
            let next = cutter.line(bytes.extracting(droppingFirst: taken), from: connection)
            taken += next.taken
            if let line = next.line { act(on: line, from: connection, into: &effects) }
        }
        server.askForTime(into: &effects)
        return taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        server.handle(event, into: &effects)
    }

    private mutating func act(
        on line: [UInt8],
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        if server.sessions[connection]?.state == .leaving { return }
        let client = server.client(connection)
        let request = CallbackRequest(connection: connection, line: line, client: client)
        if !fault.perform(request, on: &server, into: &effects) {
            server.act(on: line.span, from: connection, into: &effects)
        }
    }
}
