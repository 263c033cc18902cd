// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols
package import ConformanceCore

/// Runs plans against a server machine, without sockets and without time.
///
/// The same interpreter runs here and in the program. What it cannot do: signals, restarts,
/// files, and the kernel's buffers, of which it has one small one for each connection.
package struct InMemoryExecutor {
    private var interpreter: Interpreter
    private var server: any ChatServer
    private var effects = EffectBuffer()
    private var connections: [LinkID: Connection] = [:]
    private var events: [WorldEvent] = []
    private var nextSlot: UInt32 = 0
    private var time: Int64 = 0

    private struct Connection {
        var id: ConnectionID
        var isOpen = true
        var isReading = true
        /// What waits for a peer that does not read.
        var held: [UInt8] = []
    }

    /// What a stalled connection takes before it counts as full.
    private static let bufferSize = 64 * 1024

    /// Runs the plan to its end; the finished interpreter holds the transcript.
    package static func run(
        _ plan: Plan, on server: any ChatServer, knowledge: RunKnowledge = RunKnowledge()
    ) -> Interpreter {
        let interpreter = Interpreter(plan: plan, timing: Timing(), knowledge: knowledge)
        var executor = InMemoryExecutor(interpreter: interpreter, server: server)
        return executor.run()
    }

    private init(interpreter: Interpreter, server: any ChatServer) {
        self.interpreter = interpreter
        self.server = server
    }

    private mutating func run() -> Interpreter {
        interpreter.start()
        var next = 0
        while true {
            for action in interpreter.takeActions() { perform(action) }
            if interpreter.isFinished { return interpreter }
            if next < events.count {
                interpreter.handle(events[next], at: time)
                next += 1
                if next == events.count {
                    events.removeAll(keepingCapacity: true)
                    next = 0
                }
            } else if let deadline = interpreter.nextDeadline {
                time = max(time, deadline)
                interpreter.handle(.timePassed, at: time)
            } else {
                return interpreter
            }
        }
    }

    private mutating func perform(_ action: WorldAction) {
        switch action {
        case .connect(let link, _): connect(link)
        case .write(let link, let bytes):
            receive(bytes, on: link)
            events.append(.written(link))
        case .awaitTaken(let link):
            events.append(.taken(link, connections[link]?.isOpen == true ? .proven : .gone))
        case .closeWrite(let link), .close(let link):
            tell(link) { .inputClosed($0) }
        case .reset(let link):
            connections[link]?.isOpen = false
            tell(link) { .closed($0) }
        case .stopReading(let link): connections[link]?.isReading = false
        case .resumeReading(let link): resume(link)
        case .restartServer: events.append(.restarted(failure: "a machine is not started again"))
        case .queryBacklog(let link):
            let held = connections[link]?.held.count ?? 0
            events.append(.backlog(link, min(held, Self.bufferSize)))
        }
    }

    private mutating func connect(_ link: LinkID) {
        let id = ConnectionID(slot: nextSlot, generation: 0)
        nextSlot += 1
        connections[link] = Connection(id: id)
        events.append(.connected(link))
        server.handle(.connected(id), into: &effects)
        performEffects()
    }

    private mutating func receive(_ bytes: [UInt8], on link: LinkID) {
        var start = 0
        while start < bytes.count, let connection = connections[link], connection.isOpen {
            start += bytes.withUnsafeBufferPointer { all in
                let rest = Span(_unsafeElements: UnsafeBufferPointer(rebasing: all[start...]))
                return server.receive(rest, from: connection.id, into: &effects)
            }
            performEffects()
        }
    }

    private mutating func tell(_ link: LinkID, _ event: (ConnectionID) -> ServerEvent) {
        guard let connection = connections[link] else { return }
        server.handle(event(connection.id), into: &effects)
        performEffects()
    }

    private mutating func resume(_ link: LinkID) {
        connections[link]?.isReading = true
        guard let held = connections[link]?.held, !held.isEmpty else { return }
        connections[link]?.held = []
        events.append(.received(link, held))
    }

    private mutating func performEffects() {
        // Telling the server of a close makes further effects.
        while !effects.isEmpty {
            let current = effects
            effects.removeAll()
            for effect in current.effects { perform(effect, of: current) }
        }
    }

    private mutating func perform(_ effect: Effect, of buffer: EffectBuffer) {
        switch effect {
        case .reply(let target, let payload):
            deliver(Array(buffer.payloads[payload]), to: target)
        case .deliver(let targets, let payload):
            for target in buffer.targets[targets] {
                deliver(Array(buffer.payloads[payload]), to: target)
            }
        case .close(let target): end(target, .fin)
        case .abort(let target): end(target, .reset)
        case .store(let index):
            // As if the disk were never full.
            server.handle(.stored(buffer.writes[index].ticket), into: &effects)
        case .wake: break
        // No machine that is run here connects, or has to wait.
        case .connect, .cancelConnect, .pause, .resume: break
        }
    }

    private func link(of target: ConnectionID) -> LinkID? {
        connections.first { $0.value.id == target && $0.value.isOpen }?.key
    }

    private mutating func deliver(_ bytes: [UInt8], to target: ConnectionID) {
        guard let link = link(of: target) else { return }
        if connections[link]?.isReading == true {
            events.append(.received(link, bytes))
        } else {
            connections[link]?.held += bytes
        }
    }

    private mutating func end(_ target: ConnectionID, _ kind: EndKind) {
        guard let link = link(of: target) else { return }
        connections[link]?.isOpen = false
        events.append(.ended(link, kind))
        server.handle(.closed(target), into: &effects)
    }
}
