// SPDX-License-Identifier: Apache-2.0

package import ChatProtocols
package import ConformanceCore
import Specs

/// Runs plans against a server machine, without sockets; time passes only where nothing else is
/// to be done.
///
/// The same interpreter runs here and in the program. What it cannot do: signals, restarts,
/// files, and the kernel's buffers, of which it has one small one for each connection.
package struct InMemoryExecutor {
    private var interpreter: Interpreter
    var server: any ChatServer
    var effects = EffectBuffer()
    var connections = MemoryConnections()
    var ports = MemoryPorts()
    var events: [WorldEvent] = []
    var resumed: [ConnectionID] = []
    private var time: Int64 = 0
    private var toldTime: Int64 = 0
    /// When the machine has asked to be told the time.
    var wakesAt: Int64?

    private static let ownPort: UInt16 = 4400

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
        for (listener, kind) in interpreter.plan.firstListeners {
            _ = ports.open(listener, kind, at: interpreter.plan.listeners[listener.index].from)
        }
        tell(.listening(host: MemoryPorts.ownHost, port: Self.ownPort))
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
                passTime(to: deadline)
            } else {
                return interpreter
            }
        }
    }

    /// Lets time pass, at most until the machine wants to know of it.
    private mutating func passTime(to deadline: Int64) {
        if let wake = wakesAt, wake <= deadline {
            time = max(time, wake)
            wakesAt = nil
            tellTime()
            performEffects()
        } else {
            time = max(time, deadline)
            interpreter.handle(.timePassed, at: time)
        }
    }

    private mutating func tellTime() {
        guard time > toldTime else { return }
        toldTime = time
        let local = LocalTime(year: 2030, month: 1, day: 2, hour: 3, minute: 4, second: 5)
        server.handle(.time(ServerTime(elapsed: time, local: local)), into: &effects)
    }

    private mutating func perform(_ action: WorldAction) {
        switch action {
        case .connect(let link, let options): connect(link, options)
        case .listen(let listener, let kind):
            let planned = interpreter.plan.listeners[listener.index]
            let number = ports.open(listener, kind, at: planned.from)
            events.append(.listening(listener, port: number))
        case .accept(let link, let listener):
            ports.expect(link, at: listener)
            acceptWaiting(at: listener)
        case .queryArrivals(let listener):
            events.append(.arrivals(listener, ports.hasWaiting(at: listener)))
        case .write(let link, let bytes):
            receive(bytes, on: link)
            events.append(.written(link))
        case .awaitTaken(let link): awaitTaken(link)
        case .closeWrite(let link), .close(let link): endInput(of: link)
        case .reset(let link):
            guard let id = connections.id(of: link) else { break }
            connections[id]?.isOpen = false
            tell(.closed(id))
        case .stopReading(let link): connections[link]?.isReading = false
        case .resumeReading(let link): resumeReading(link)
        case .countThreads: events.append(.threads(nil))
        case .signalServer: break
        case .searchFiles: events.append(.searched(SearchedFiles(count: 0, found: [])))
        case .restartServer: events.append(.restarted(.undecided("a machine is not started again")))
        case .queryBacklog(let link):
            let held = connections[link]?.held.count ?? 0
            events.append(.backlog(link, min(held, Self.bufferSize)))
        }
    }

    private mutating func connect(_ link: LinkID, _ options: ConnectOptions) {
        let host = options.from ?? MemoryPorts.ownHost
        let id = connections.add(host: host, link: link)
        tellOwnAddress(host, on: link)
        events.append(.connected(link))
        tell(.connected(id))
    }

    /// Texts may name the address from which a peer speaks.
    mutating func tellOwnAddress(_ host: [UInt8], on link: LinkID) {
        let planned = interpreter.plan.links[link.index]
        if planned.isAddressNamed { events.append(.learned(planned.hostCapture, host)) }
    }

    private mutating func receive(_ bytes: [UInt8], on link: LinkID) {
        guard let id = connections.id(of: link), connections[id]?.isOpen == true else { return }
        connections[id]?.unread += bytes
        tellTime()
        feed(id)
    }

    /// Hands on what the machine takes now; a machine whose client waits takes nothing.
    mutating func feed(_ id: ConnectionID) {
        while let connection = connections[id], connection.isOpen, !connection.isPaused,
            !connection.unread.isEmpty
        {
            let taken = server.receive(connection.unread.span, from: id, into: &effects)
            connections[id]?.unread.removeFirst(taken)
            performEffects()
            if taken == 0 { return }
        }
        noteTaken(id)
    }

    private mutating func awaitTaken(_ link: LinkID) {
        connections[link]?.isAwaited = true
        if let id = connections.id(of: link) { noteTaken(id) }
    }

    mutating func noteTaken(_ id: ConnectionID) {
        guard let connection = connections[id], connection.isAwaited, let link = connection.link,
            connection.unread.isEmpty || !connection.isOpen
        else { return }
        connections[id]?.isAwaited = false
        events.append(.taken(link, connection.isOpen ? .proven : .gone))
    }

    /// The end is told at once; what a client that waits has sent before is lost with it.
    private mutating func endInput(of link: LinkID) {
        guard let id = connections.id(of: link) else { return }
        connections[id]?.unread = []
        tell(.inputClosed(id))
    }

    private mutating func resumeReading(_ link: LinkID) {
        connections[link]?.isReading = true
        guard let held = connections[link]?.held, !held.isEmpty else { return }
        connections[link]?.held = []
        events.append(.received(link, held))
    }

    mutating func tell(_ event: ServerEvent) {
        tellTime()
        server.handle(event, into: &effects)
        performEffects()
    }
}
