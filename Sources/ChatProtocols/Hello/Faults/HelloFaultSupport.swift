// SPDX-License-Identifier: Apache-2.0

/// The lines of each connection, cut rightly, as arrays.
///
/// What is too long is never handed on: it is no fault's business.
struct HelloCutter {
    private var framers: [ConnectionID: LineFramer] = [:]

    mutating func lines(_ bytes: Span<UInt8>, from connection: ConnectionID) -> [[UInt8]] {
        var framer = framers[connection] ?? LineFramer(limit: Limits.helloLine)
        var lines: [[UInt8]] = []
        var taken = 0
        while taken < bytes.count {
            taken += framer.take(bytes.extracting(droppingFirst: taken)) { piece, line in
                if piece == .line { lines.append(line.bytes) }
            }
        }
        framers[connection] = framer
        return lines
    }

    mutating func forget(_ event: ServerEvent) {
        if case .closed(let connection) = event { framers[connection] = nil }
    }
}

/// Faults in what one line does.
protocol HelloCommandFault: FaultFamily {
    /// Does a line wrongly; `false` leaves it to the server that is right.
    func perform(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool
}

extension HelloCommandFault {
    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        HelloMisbehavingServer(fault: self, server: HelloServer(configuration))
    }
}

/// One line and who sent it.
struct HelloRequest {
    let connection: ConnectionID
    let line: [UInt8]
    /// `nil` before the login.
    let client: HelloClient?

    var command: HelloCommand { HelloCommand(line.span) }

    /// What stands behind the header and its space; `nil` where there is no space.
    var body: [UInt8]? {
        line.firstIndex(of: UInt8(ascii: " ")).map { Array(line[($0 + 1)...]) }
    }

    var header: [UInt8] { Array(line.prefix { $0 != UInt8(ascii: " ") }) }

    func part(_ range: Range<Int>) -> [UInt8] { Array(line[range]) }
}

private struct HelloMisbehavingServer<Family: HelloCommandFault>: ChatServer {
    let fault: Family
    var server: HelloServer
    var cutter = HelloCutter()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for line in cutter.lines(bytes, from: connection) {
            let client = server.client(connection)
            let request = HelloRequest(connection: connection, line: line, client: client)
            if !fault.perform(request, on: &server, into: &effects) {
                server.act(on: line.span, from: connection, into: &effects)
            }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        server.handle(event, into: &effects)
    }
}
