// SPDX-License-Identifier: Apache-2.0

/// Faults in cutting the stream into lines.
enum HelloCutFault: String, FaultFamily {
    case readIsMessage = "each-read-is-a-message"
    case actsEarly = "acts-before-the-newline"
    case repeatsCutLines = "repeats-cut-lines"
    case firstLineOnly = "loses-coalesced-lines"
    case reversesLines = "reverses-coalesced-lines"
    case sharedBuffer = "mixes-connections"
    case fixedBuffer = "cuts-lines-at-1024-bytes"
    case swapsTexts = "swaps-two-texts"

    var meaning: FaultMeaning {
        switch self {
        case .readIsMessage: .init("framing.partial", "what a read brings is one message")
        case .actsEarly: .init("framing.newline", "a line counts before its newline is there")
        case .repeatsCutLines: .init("framing.partial", "a line in pieces is done twice")
        case .firstLineOnly: .init("framing.coalesced", "of the lines of a read one counts")
        case .reversesLines: .init("framing.coalesced", "the lines of a read are done backwards")
        case .sharedBuffer: .init("framing.per-connection", "half lines of all share one buffer")
        case .fixedBuffer: .init("framing.long-line", "only 1,024 bytes of a line count")
        case .swapsTexts: .init("send.order", "a client's third SEND is held until its fourth")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        HelloMiscutServer(fault: self, server: HelloServer(configuration))
    }
}

private struct HelloMiscutServer: ChatServer {
    let fault: HelloCutFault
    var server: HelloServer
    var pending: [ConnectionID: [UInt8]] = [:]
    /// Connections whose line was acted on before its newline came.
    var early: Set<ConnectionID> = []
    var sends: [ConnectionID: Int] = [:]
    var held: [ConnectionID: [UInt8]] = [:]

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for line in lines(bytes.bytes, from: connection) {
            for line in order(line, from: connection) {
                server.act(on: line.span, from: connection, into: &effects)
            }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        if case .closed(let connection) = event {
            pending[connection] = nil
            early.remove(connection)
            sends[connection] = nil
            held[connection] = nil
        }
        server.handle(event, into: &effects)
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
        return damage(lines, wasCut: wasCut, owner)
    }

    private mutating func damage(
        _ lines: [[UInt8]],
        wasCut: Bool,
        _ owner: ConnectionID
    ) -> [[UInt8]] {
        switch fault {
        case .readIsMessage, .sharedBuffer, .swapsTexts: return lines
        case .repeatsCutLines: return wasCut ? lines.prefix(1) + lines : lines
        case .firstLineOnly: return Array(lines.prefix(1))
        case .reversesLines: return lines.reversed()
        case .fixedBuffer: return lines.map { Array($0.prefix(1024)) }
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

    private mutating func order(_ line: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        guard fault == .swapsTexts else { return [line] }
        if let earlier = held.removeValue(forKey: connection) { return [line, earlier] }
        guard line.starts(with: Array("SEND ".utf8)) else { return [line] }
        sends[connection, default: 0] += 1
        guard sends[connection] == 3 else { return [line] }
        held[connection] = line
        return []
    }
}
