// SPDX-License-Identifier: Apache-2.0

/// A server that is right, behind something that meddles.
///
/// It takes everything that comes at once; what the server does not want yet waits here.
struct MeddledServer<Meddling: Meddler>: ChatServer {
    private var meddler: Meddling
    private var server: Meddling.Server
    /// What the server asked for, before it is damaged.
    private var right = EffectBuffer()
    /// What the server has not read yet.
    private var unread: [ConnectionID: [UInt8]] = [:]

    init(_ server: Meddling.Server, _ meddler: Meddling) {
        self.server = server
        self.meddler = meddler
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        let read = meddler.read(bytes.bytes, from: connection, on: &server, into: &effects)
        unread[connection, default: []] += read
        readOn(into: &effects)
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        for event in meddler.tell(event, to: &server, into: &effects) {
            server.handle(event, into: &right)
            pass(into: &effects)
        }
        if case .closed(let connection) = event { unread[connection] = nil }
        readOn(into: &effects)
    }

    /// Lets the server read what it wants of what waits.
    private mutating func readOn(into effects: inout EffectBuffer) {
        var hasRead = true
        while hasRead {
            hasRead = false
            for connection in unread.keys.sorted(by: { $0.slot < $1.slot }) {
                let taken = readOn(connection, into: &effects)
                if taken > 0 { hasRead = true }
            }
        }
    }

    private mutating func readOn(
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard let bytes = unread[connection], !bytes.isEmpty,
            !meddler.isStalled(connection, on: server)
        else { return 0 }
        let taken = server.receive(bytes.span, from: connection, into: &right)
        unread[connection] = Array(bytes.dropFirst(taken))
        pass(into: &effects)
        return taken
    }

    /// Hands on what the server asked for, damaged.
    private mutating func pass(into effects: inout EffectBuffer) {
        while !right.isEmpty {
            let asked = right
            right.removeAll()
            for effect in asked.effects { pass(effect, of: asked, into: &effects) }
        }
    }

    private mutating func pass(
        _ effect: Effect,
        of asked: EffectBuffer,
        into effects: inout EffectBuffer
    ) {
        switch effect {
        case .reply(let target, let payload):
            let written = written(asked.payloads[payload], to: target, false, &effects)
            effects.payloads += written
            effects.reply(to: target)
        case .replyShared(let target, let index):
            let written = written(
                asked.sharedPayloads[index].bytes[...], to: target, false, &effects)
            effects.payloads += written
            effects.reply(to: target)
        case .deliver(let targets, let payload):
            for target in asked.targets[targets] {
                let written = written(asked.payloads[payload], to: target, true, &effects)
                effects.payloads += written
                effects.deliver(to: target)
            }
        case .store(let index):
            let write = asked.writes[index]
            guard !meddler.keeps(write) else { return effects.store(write) }
            server.handle(.stored(write.ticket), into: &right)
        case .password(let index):
            let work = asked.passwordWork[index]
            guard let outcome = meddler.outcome(of: work, on: server) else {
                return effects.work(on: work)
            }
            server.handle(.password(work.ticket, outcome), into: &right)
        case .close, .abort, .wake, .connect, .lookUp, .log, .cancelConnect, .pause, .hold, .resume,
            .tellWhenSent, .widen:
            effects.append(effect, of: asked)
        }
    }

    private mutating func written(
        _ payload: ArraySlice<UInt8>,
        to target: ConnectionID,
        _ isDelivery: Bool,
        _ effects: inout EffectBuffer
    ) -> [UInt8] {
        meddler.write(
            Array(payload), to: target, isDelivery: isDelivery, on: &server, into: &effects)
    }
}
