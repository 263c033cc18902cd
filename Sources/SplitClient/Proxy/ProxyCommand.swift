// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// `splitclient proxy`: between any clients and any server, cutting what goes through.
enum ProxyCommand {
    static func run(_ options: ProxyOptions, _ streams: Streams) -> ProgramStatus {
        do throws(ProxyProblem) {
            let replay = try replay(of: options.replayFile)
            try refuseToOverwrite(options.replayFile, by: options.logFile)
            // First of all, so that a signal during the start is not lost.
            let signals = streams.signals()
            let addresses = try addresses(of: options.server, .cannotConnect)
            let mostAtOnce = raiseLimit()
            let listener = try listener(options.listen)
            let log = try log(options.logFile)
            let run = ProxyRun(
                options, to: addresses, on: listener, signals: signals, replay: replay, log: log,
                mostAtOnce: mostAtOnce,
                complain: { streams.complain("\(Program.name): \($0)\n") })
            announce(options, listener, streams)
            return try finish(run, options, streams)
        } catch {
            streams.fail(error.sentence)
            return error.status
        }
    }

    private static func finish(
        _ run: ProxyRun, _ options: ProxyOptions, _ streams: Streams
    ) throws(ProxyProblem) -> ProgramStatus {
        do throws(SystemCallError) {
            try run.run()
        } catch {
            throw ProxyProblem("\(error)", .failed)
        }
        for line in run.tally.summary(options) { streams.complain("\(Program.name): \(line)\n") }
        return run.hasFailed ? .failed : .success
    }

    private static func announce(
        _ options: ProxyOptions, _ listener: Listener, _ streams: Streams
    ) {
        if options.there.plan == .drawn || options.back.plan == .drawn {
            streams.complain("\(Program.name): random cuts are drawn from --seed \(options.seed)\n")
        }
        for route in ProxyRoute.allCases
        where options.replayFile == nil
            && RouteQueue.dependsOnBlocks(options[route].plan, options)
        {
            streams.complain(
                "\(Program.name): without --framing each block that is read is a message for "
                    + "\(options[route].plan.description): its cuts depend on how the bytes come\n")
        }
        _ = try? streams.print(Array("listening on \(listener.localAddress)\n".utf8))
    }

    private static func replay(of path: String?) throws(ProxyProblem) -> CutReplay? {
        guard let path else { return nil }
        do throws(CutReplayError) {
            return try CutReplay.read(path)
        } catch {
            throw ProxyProblem("--replay: \(error)", .usage)
        }
    }

    /// Making a log empties the file first: a log to be replayed again would be gone.
    private static func refuseToOverwrite(
        _ replayed: String?, by written: String?
    ) throws(ProxyProblem) {
        guard let replayed, let written else { return }
        let sources = [replayed, CutLog.flushPath(replayed)].compactMap(identity)
        for path in [written, CutLog.flushPath(written)] {
            guard let file = identity(of: path), sources.contains(file) else { continue }
            throw ProxyProblem(
                "--log: \(ByteEscaping.escape(path.utf8)) belongs to the log that --replay reads, "
                    + "which would be lost; choose another file", .usage)
        }
    }

    private static func identity(of path: String) -> FileIdentity? {
        Files.status(of: path)?.identity
    }

    private static func log(_ path: String?) throws(ProxyProblem) -> CutLog? {
        guard let path else { return nil }
        do throws(FileError) {
            return try CutLog(path)
        } catch {
            throw ProxyProblem("--log: \(error)", .failed)
        }
    }

    private static func addresses(
        of place: HostAndPort, _ status: ProgramStatus
    ) throws(ProxyProblem) -> [SocketAddress] {
        do throws(ResolutionError) {
            return try Resolver.resolve(host: place.host, port: place.port)
        } catch {
            let host = ByteEscaping.quoted(place.host.utf8)
            throw ProxyProblem("cannot find the address of \(host): \(error.reason)", status)
        }
    }

    private static func listener(_ place: HostAndPort) throws(ProxyProblem) -> Listener {
        let addresses = try addresses(of: place, .failed)
        var problem = "cannot listen on \(ServerConnection.shown(place))"
        for address in addresses {
            do throws(SystemCallError) {
                return try Listener(on: address)
            } catch {
                problem = "cannot listen on \(address): \(error.reason)"
            }
        }
        throw ProxyProblem(problem + "; choose another port, or 0 for a free one", .failed)
    }

    /// Descriptors that are needed beside those of connections.
    private static let spareDescriptors: UInt64 = 32

    /// Has as many descriptors as may be; for how many connections that is enough.
    private static func raiseLimit() -> Int {
        _ = try? DescriptorLimits.raise()
        guard let limit = try? DescriptorLimits.current().soft else { return .max }
        let perConnection: UInt64 = 2
        let left = limit > spareDescriptors ? limit - spareDescriptors : 0
        return max(1, Int(clamping: left / perConnection))
    }
}

/// Why there is no proxy.
struct ProxyProblem: Error {
    var sentence: String
    var status: ProgramStatus

    init(_ sentence: String, _ status: ProgramStatus) {
        self.sentence = sentence
        self.status = status
    }
}
