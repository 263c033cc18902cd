// SPDX-License-Identifier: Apache-2.0

import JSONText

/// What the wrappers of `json`'s faults share: the values of each connection, read rightly.
struct JSONChatCutter {
    private var readers: [ConnectionID: JSONReader] = [:]

    /// The values that the bytes complete; the error behind them, if there is one.
    mutating func values(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID
    ) -> (values: [JSONValue], error: JSONError?) {
        var reader = readers[connection] ?? JSONReader()
        reader.append(bytes)
        defer { readers[connection] = reader }
        var values: [JSONValue] = []
        while true {
            switch reader.next() {
            case .value(let node): values.append(node.value)
            case .needMoreBytes: return (values, nil)
            case .malformed(let error): return (values, error)
            }
        }
    }

    func isInsideValue(_ connection: ConnectionID) -> Bool {
        readers[connection]?.isInsideValue ?? false
    }

    mutating func forget(_ event: ServerEvent) {
        if case .closed(let connection) = event { readers[connection] = nil }
    }
}

/// Faults in what one request means or does.
protocol JSONChatConductFault: FaultFamily {
    /// What a value asks for.
    func request(_ value: JSONValue) -> JSONChatRequest

    /// Does a request wrongly; `false` leaves it to the server that is right.
    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool

    /// Takes an event wrongly; `false` leaves it to the server that is right.
    func handle(
        _ event: ServerEvent,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool
}

extension JSONChatConductFault {
    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = JSONChatServer(JSONChatSettings(configuration))
        return JSONChatMisbehavingServer(fault: self, server: server)
    }

    func request(_ value: JSONValue) -> JSONChatRequest { JSONChatRequest(value) }

    func perform(
        _ request: JSONChatRequest,
        from connection: ConnectionID,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool { false }

    func handle(
        _ event: ServerEvent,
        on server: inout JSONChatServer,
        into effects: inout EffectBuffer
    ) -> Bool { false }
}

private struct JSONChatMisbehavingServer<Family: JSONChatConductFault>: ChatServer {
    let fault: Family
    var server: JSONChatServer
    var cutter = JSONChatCutter()

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        let (values, error) = cutter.values(bytes, from: connection)
        for value in values {
            let request = fault.request(value)
            if !fault.perform(request, from: connection, on: &server, into: &effects) {
                server.take(request, from: connection, into: &effects)
            }
        }
        if let error {
            server.take(.malformed(.malformed(error)), from: connection, into: &effects)
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        if !fault.handle(event, on: &server, into: &effects) {
            server.handle(event, into: &effects)
        }
    }
}
