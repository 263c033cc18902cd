// SPDX-License-Identifier: Apache-2.0

/// What meddles with a server of `channels`.
protocol ChannelsMeddler: Meddler where Server == ChannelsServer {}

/// Faults in what a client's line does, or in what a line to a client says.
protocol ChannelsLineFault: FaultFamily {
    /// Does a line of a client wrongly: what the server is to read in its place.
    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading

    /// Writes a line to a client wrongly; without the `\n`, which stands behind each.
    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]]

    /// Whether the connection is closed behind this line to it.
    func closes(behind line: [UInt8]) -> Bool
}

extension ChannelsLineFault {
    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        .right
    }

    func write(_ line: ChannelsLineOut, _ state: inout ChannelsFaultState) -> [[UInt8]] {
        [line.bytes]
    }

    func closes(behind line: [UInt8]) -> Bool { false }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = ChannelsServer(ChannelsSettings(configuration))
        return MeddledServer(server, ChannelsLineMeddler(fault: self))
    }
}

/// What becomes of a line.
enum ChannelsReading {
    case right
    /// The server reads these lines.
    case lines([[UInt8]])
    /// The server does not see it; these lines are the answer.
    case answer([[UInt8]])
    /// The server does not see it, and the connection is closed.
    case close
    /// The server does not see it; the line goes to those, then the other lines are the answer.
    case deliver([UInt8], to: [ConnectionID], answer: [[UInt8]])
}

/// What faults remember.
struct ChannelsFaultState: Sendable {
    var count = 0
    var connections: Set<ConnectionID> = []
    var names: [ConnectionID: [UInt8]] = [:]
    var passwords: [[UInt8]: [UInt8]] = [:]
    var pairs: Set<[[UInt8]]> = []
}

/// A line of a client.
struct ChannelsRequest {
    let connection: ConnectionID
    let line: [UInt8]
    let server: ChannelsServer

    /// Whether it is a line of another server.
    var isOfPeer: Bool { server.federation.links[connection] != nil }

    var command: ChannelsCommand { ChannelsCommand(line.span) }

    /// The name of the user who is logged in there.
    var user: [UInt8]? { server.client(connection).map { server.accounts[$0.user].name } }

    func part(_ range: Range<Int>) -> [UInt8] { Array(line[range]) }

    func channel(_ range: Range<Int>) -> ChannelsDirectory.Channel? {
        server.directory.find(part(range)).map { server.directory[$0] }
    }

    /// Whether the user who is logged in there has joined the channel.
    func hasJoined(_ range: Range<Int>) -> Bool {
        guard let client = server.client(connection),
            let channel = server.directory.find(part(range))
        else { return false }
        return server.directory.isMember(client.user, of: channel)
    }
}

/// A line to a client.
struct ChannelsLineOut {
    let connection: ConnectionID
    let bytes: [UInt8]
    let isDelivery: Bool
    let server: ChannelsServer

    /// Its parts; the fourth, of a RECV, is the text.
    var words: [[UInt8]] {
        bytes.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
            .map { Array($0) }
    }

    /// Whether it goes to another server.
    var isToPeer: Bool { server.federation.links[connection] != nil }

    var isRecv: Bool { bytes.starts(with: "RECV ".utf8) }
}

/// How faults make lines; wire text is bytes here, too.
enum ChannelsFaultText {
    static func line(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined(separator: [0x20])) }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

extension String {
    /// Its UTF-8.
    var bytes: [UInt8] { Array(utf8) }
}

struct ChannelsLineMeddler<Family: ChannelsLineFault>: ChannelsMeddler {
    let fault: Family
    var state = ChannelsFaultState()
    var cutter = LineCutter()

    mutating func read(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var read: [UInt8] = []
        for line in cutter.lines(bytes, from: connection) {
            let content = Array(line[ChannelsLine.content(line.span)])
            let request = ChannelsRequest(connection: connection, line: content, server: server)
            switch fault.read(request, &state) {
            case .right: read += line + [0x0A]
            case .lines(let lines): read += lines.flatMap { $0 + [0x0A] }
            case .answer(let lines): answer(lines, connection, into: &effects)
            case .close: effects.close(connection)
            case .deliver(let text, let targets, let lines):
                for target in targets {
                    effects.payloads += text + [0x0A]
                    effects.deliver(to: target)
                }
                answer(lines, connection, into: &effects)
            }
        }
        return read
    }

    private func answer(
        _ lines: [[UInt8]],
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        effects.payloads += lines.flatMap { $0 + [0x0A] }
        effects.reply(to: connection)
    }

    mutating func tell(
        _ event: ServerEvent,
        to server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        cutter.forget(event)
        return [event]
    }

    mutating func write(
        _ payload: [UInt8],
        to connection: ConnectionID,
        isDelivery: Bool,
        on server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [UInt8] {
        var written: [UInt8] = []
        for bytes in payload.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
            let line = ChannelsLineOut(
                connection: connection,
                bytes: Array(bytes),
                isDelivery: isDelivery,
                server: server
            )
            written += fault.write(line, &state).flatMap { $0 + [0x0A] }
            guard fault.closes(behind: line.bytes) else { continue }
            effects.payloads += written
            effects.reply(to: connection)
            effects.close(connection)
            return []
        }
        return written
    }
}
