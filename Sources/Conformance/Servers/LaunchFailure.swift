// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix

/// A server that could not be started, or does not serve.
struct LaunchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    enum Reason: Hashable, Sendable {
        case notStarted(SpawnError)
        /// It ended before it listened.
        case ended(Termination)
        /// Started ahead, it ended before anybody looked at it; it may have listened.
        case endedAhead(Termination)
        /// It ran for so many nanoseconds and nothing listened.
        case neverListened(SocketAddress, waited: Int64)
        /// It said so often that its port is in use that we gave up.
        case portsInUse(attempts: Int)
        /// It serves on a port of its own, where somebody else does.
        case ownPortInUse(UInt16)
        /// No port, no directory: ours.
        case unprepared(String)
        case interrupted
    }

    var reason: Reason
    /// The program and its arguments, with all placeholders filled in.
    var command: [String]
    var output = CapturedOutput()

    /// One sentence, to be followed by what the server printed.
    var description: String { sentence + (isAboutOutput ? printed : "") }

    /// One sentence, without what the server printed.
    var sentence: String {
        let words = command.map { ByteEscaping.escape($0.utf8) }.joined(separator: " ")
        return "the server (\(words)) " + whatHappened
    }

    /// What a scenario is told of a server that was to be started again.
    ///
    /// Only a server that ended has shown something of itself: one that takes too long to listen
    /// may need more time than it was given. What it printed is shown with the scenario.
    var ofRestart: RestartFailure {
        let sentence = "it \(whatHappened)"
        return switch reason {
        case .ended, .endedAhead: .ended(sentence)
        case .notStarted, .neverListened, .portsInUse, .ownPortInUse, .unprepared, .interrupted:
            .undecided(sentence)
        }
    }

    private var whatHappened: String {
        switch reason {
        case .notStarted(let error): "cannot be started: \(error)"
        case .ended(let termination): "\(termination) before it listened"
        case .endedAhead(let termination):
            "\(termination) by itself before its scenario's first connection"
        case .neverListened(let address, let waited):
            "did not listen on port \(address.port) of \(places(address)) within "
                + "\(waited / 1_000_000) ms (--timeout-scale, or startLimit in a --sut file, gives it "
                + "longer)"
        case .portsInUse(let attempts): "found its port in use \(attempts) times in a row"
        case .ownPortInUse(let port):
            "found port \(port), its own, in use; another server may run there, or "
                + "it does not set SO_REUSEADDR and was ended less than a minute ago: --reuse "
                + "starts it once for all scenarios"
        case .unprepared(let what): "cannot be started: \(what)"
        case .interrupted: "was being started when the run was interrupted"
        }
    }

    /// Where it was looked for: one that is told a port alone may serve either family's loopback.
    private func places(_ address: SocketAddress) -> String {
        address.host == .loopback4 ? "\(address.host) or \(IPAddress.loopback6)" : "\(address.host)"
    }

    private var isAboutOutput: Bool {
        switch reason {
        case .ended, .endedAhead, .neverListened, .portsInUse, .ownPortInUse: true
        case .notStarted, .unprepared, .interrupted: false
        }
    }

    /// The end of what it printed, in one line, to be put behind the description.
    var lastWords: String {
        let said = output.tail.isEmpty ? output.head : output.tail
        let last = said.suffix(Self.mostLastWords).split(separator: UInt8(ascii: "\n")).last
        return last.map { " " + ByteEscaping.quoted($0) } ?? ""
    }

    private static let mostLastWords = 200

    private var printed: String { output.isEmpty ? "; it printed nothing" : "; it printed:" }
}

extension LaunchedServer {
    /// Ends it; what it was started with and has printed says why it is of no use.
    func failed(_ reason: LaunchFailure.Reason) -> LaunchFailure {
        kill()
        return LaunchFailure(reason: reason, command: command, output: output)
    }
}

extension LaunchLine {
    /// Does what must be done before a server of this line is started, or while it starts.
    @discardableResult
    func prepared<Value>(
        _ body: () throws(SystemCallError) -> Value
    ) throws(LaunchFailure) -> Value {
        do {
            return try body()
        } catch {
            throw LaunchFailure(reason: .unprepared(error.description), command: [text])
        }
    }
}

/// What a server printed on its two outputs, in the order of reading: beginning and end.
struct CapturedOutput: Hashable, Sendable {
    private var log = BoundedLog()

    var head: [UInt8] { log.head }
    var tail: [UInt8] { log.tail }
    /// Bytes left out between the two.
    var omitted: Int { log.dropped }
    var isEmpty: Bool { log.total == 0 }

    mutating func append(_ bytes: some RandomAccessCollection<UInt8>) { log.append(bytes) }
}
