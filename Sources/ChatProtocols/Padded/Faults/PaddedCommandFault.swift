// SPDX-License-Identifier: Apache-2.0

/// Faults in what one message does.
protocol PaddedCommandFault: FaultFamily {
    /// Does a message wrongly; `false` leaves it to the server that is right.
    func perform(
        _ request: PaddedRequest,
        on server: inout PaddedServer,
        into effects: inout EffectBuffer
    ) -> Bool
}

extension PaddedCommandFault {
    func makeServer(_: ServerConfiguration) -> any ChatServer {
        PaddedMisbehavingServer(fault: self)
    }
}

/// One message and who sent it.
struct PaddedRequest {
    let connection: ConnectionID
    let message: [UInt8]
    /// `nil` before the name, which is then the message.
    let client: PaddedClient?

    var command: PaddedCommand { PaddedCommand(message.span) }

    func argument(_ range: Range<Int>) -> [UInt8] { Array(message[range]) }
}

private struct PaddedMisbehavingServer<Family: PaddedCommandFault>: ChatServer {
    let fault: Family
    var server = PaddedServer()
    var cutter = PaddedCutter()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for frame in cutter.frames(bytes, from: connection) {
            let message = Array(frame[PaddedCommand.message(in: frame.span)])
            let client = server.client(connection)
            let request = PaddedRequest(connection: connection, message: message, client: client)
            if !fault.perform(request, on: &server, into: &effects) {
                server.act(on: message.span, from: connection, into: &effects)
            }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        server.handle(event, into: &effects)
        if case .closed(let connection) = event { server.rooms.leaveAll(connection) }
    }
}

extension PaddedRooms {
    /// Takes a connection out of every channel, since a fault may have put it in more than one.
    fileprivate mutating func leaveAll(_ connection: ConnectionID) {
        for room in names.indices { leave(room, connection) }
    }
}
