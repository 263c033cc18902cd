// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore

/// A server that answers when it is time, where time is a number of nanoseconds.
package protocol TimedServer {
    /// When it says something next; `nil` while it has nothing to say.
    var next: Int64? { get }

    /// Takes what has been sent on a connection.
    mutating func take(_ bytes: [UInt8], on link: LinkID, at time: Int64)

    /// What it says, if it is time.
    mutating func answer(at time: Int64) -> WorldEvent?
}

/// A plan that runs to its end against such a server; nothing takes time but server and pace.
package struct TimedRun {
    package private(set) var interpreter: Interpreter
    /// How long it has taken, in nanoseconds.
    package private(set) var time: Int64 = 0
    /// The connection on which the next segment is held back, and until when.
    private var held: (until: Int64, link: LinkID)?

    package init(
        _ plan: Plan, on server: inout some TimedServer, timing: Timing = Timing(),
        knowledge: RunKnowledge = RunKnowledge()
    ) {
        interpreter = Interpreter(plan: plan, timing: timing, knowledge: knowledge)
        interpreter.start()
        while !interpreter.isFinished {
            var events = interpreter.takeActions().flatMap { perform($0, on: &server) }
            if events.isEmpty { events = [waited(for: &server)] }
            for event in events { interpreter.handle(event, at: time) }
        }
    }

    /// What an action brings about at once.
    private mutating func perform(
        _ action: WorldAction, on server: inout some TimedServer
    ) -> [WorldEvent] {
        switch action {
        case .connect(let link, _): return [.connected(link)]
        case .write(let link, let bytes):
            server.take(bytes, on: link, at: time)
            return [.written(link)]
        case .awaitTaken(let link) where interpreter.timing.pace > 0:
            held = (time + interpreter.timing.pace, link)
            return []
        case .awaitTaken(let link): return [.taken(link, .proven)]
        default: return []
        }
    }

    /// Lets time pass until something happens.
    private mutating func waited(for server: inout some TimedServer) -> WorldEvent {
        let deadline = interpreter.nextDeadline ?? time + 1_000_000_000
        time = max(time, min(deadline, server.next ?? deadline, held?.until ?? deadline))
        guard let (until, link) = held, until <= time else {
            return server.answer(at: time) ?? .timePassed
        }
        held = nil
        return .taken(link, .assumed)
    }
}
