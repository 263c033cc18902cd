// SPDX-License-Identifier: Apache-2.0

import Posix

/// A server that we have started: its process, what it prints, and how it ended.
///
/// Its outputs and its end are watched by the loop for as long as it lives here.
final class LaunchedServer {
    private(set) var command: [String]
    /// Where it is told to listen; where it was found to listen, once it was.
    var address: SocketAddress
    /// Its own directory (`{dir}`), removed with it.
    let directory: String?
    private(set) var output = CapturedOutput()
    /// How it ended by itself; `nil` while it runs, and after `kill`.
    private(set) var termination: Termination?

    /// Keeps its port from our other servers, also before it listens.
    var portClaim: PortClaim?

    /// What it and its descendants were seen to write, and where.
    private(set) var traces: ServerTraces
    private var child: Child
    private let loop: PollLoop
    private var tokens: [Poller.Token] = []
    private var pipes: [(descriptor: Descriptor, token: Poller.Token)] = []
    private var isKilled = false

    init(
        _ request: Command, at address: SocketAddress, directory: String?, on loop: PollLoop
    ) throws(SpawnError) {
        command = request.arguments
        self.address = address
        self.directory = directory
        self.loop = loop
        traces = ServerTraces(startedIn: request.directory)
        child = try Child(request)
        watch()
    }

    /// Ends the process because we want to, and keeps all else; `begin` starts another.
    func end(within nanoseconds: Int64) {
        guard !isKilled else { return }
        let isRunning = termination == nil
        isKilled = true
        if isRunning, nanoseconds > 0 { waitForEnd(within: nanoseconds) }
        child.killAll()
        drain()
        forgetProcess()
        for pipe in pipes { loop.forget(pipe.token) }
        pipes.removeAll()
    }

    /// Starts the server again, after `end`.
    func begin(_ request: Command, at address: SocketAddress) throws(SpawnError) {
        child = try Child(request)
        command = request.arguments
        self.address = address
        termination = nil
        isKilled = false
        watch()
    }

    deinit { kill() }

    private func watch() {
        for descriptor in [child.output, child.errorOutput].compactMap({ $0 }) {
            let token = loop.watch(descriptor.number, .readable) { [weak self] _ in
                self?.read(descriptor, atMost: 65_536)
            }
            pipes.append((descriptor, token))
        }
        let token = loop.watch(child.pidfd.number, .readable) { [weak self] _ in self?.noteEnd() }
        tokens.append(token)
    }

    /// Looks whether it has ended; who is refused by a dead server at once never comes to the loop.
    func noteEnd() {
        guard termination == nil, !isKilled, let end = child.wait() else { return }
        termination = end
        forgetProcess()
        drain()
    }

    /// Reads some of what was printed; a pipe that all writers have closed is watched no more.
    private func read(_ descriptor: Descriptor, atMost limit: Int) {
        var left = limit
        while left > 0 {
            var result = IOResult.endOfStream
            let chunk = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
                result = (try? descriptor.read(into: .init(buffer))) ?? .endOfStream
                if case .processed(let read) = result { count = read }
            }
            switch result {
            case .processed: output.append(chunk)
            case .wouldBlock: return
            case .endOfStream, .reset: return forget(descriptor)
            }
            left -= chunk.count
        }
    }

    private func forget(_ descriptor: Descriptor) {
        guard let index = pipes.firstIndex(where: { $0.descriptor === descriptor }) else { return }
        loop.forget(pipes[index].token)
        pipes.remove(at: index)
    }

    /// Takes the last words; a descendant that holds the pipe is not waited for.
    private func drain() {
        for pipe in pipes { read(pipe.descriptor, atMost: 1 << 20) }
    }

    /// Begins anew to keep what it prints.
    func forgetOutput() {
        drain()
        output = CapturedOutput()
    }

    /// Sends a signal to its first process, whose end the loop then sees.
    func signal(_ signal: Signal) {
        noteFiles()
        child.signal(signal)
    }

    /// Looks which files it writes just now: with its end that can be seen no more.
    func noteFiles() {
        guard termination == nil, !isKilled else { return }
        traces.add(child.files)
    }

    /// Asks it to end and gives it so many nanoseconds for it, then kills it.
    func stop(within nanoseconds: Int64) {
        guard termination == nil, !isKilled else { return kill() }
        waitForEnd(within: nanoseconds)
        kill()
    }

    private func waitForEnd(within nanoseconds: Int64) {
        child.signal(.terminate)
        let deadline = MonotonicClock.deadline(after: nanoseconds)
        var isOver = false
        while !isOver, MonotonicClock.now < deadline {
            try? _ = loop.turn(nanoseconds: deadline - MonotonicClock.now)
            isOver = child.wait() != nil
        }
    }

    /// Kills it and all its descendants, and keeps what it printed.
    func kill() {
        noteEnd()
        end(within: 0)
        if let directory { try? Files.removeTree(directory) }
    }

    /// Its first process; `nil` once that has ended.
    var processID: Int32? { termination == nil && !isKilled ? child.processID : nil }

    /// How much its processes have run, and waited to run.
    var processorWait: ProcessorWait { child.processorWait }

    /// How many threads its processes have.
    var threadCount: Int { child.threadCount }

    private func forgetProcess() {
        for token in tokens { loop.forget(token) }
        tokens.removeAll()
    }
}
