// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// One run of a protocol's clients, from its options to what is printed.
struct StressCall {
    private let options: StressOptions
    private let streams: Streams
    private let address: SocketAddress
    private let mark: String

    init(_ options: StressOptions, _ streams: Streams, _ address: SocketAddress) {
        self.options = options
        self.streams = streams
        self.address = address
        mark = Self.mark(at: WallClock.now)
    }

    func run() throws(StressProblem) -> ProgramStatus {
        let names = StressNames(mark: mark, clients: options.connections)
        switch options.chat {
        case .padded:
            let groups = options.groups(.others)
            return try run(PaddedStress(names: names, groups: groups), names, groups)
        case .hello:
            let groups = options.groups(.one)
            return try run(HelloStress(names: names, groups: groups), names, groups)
        case .json:
            return try run(JSONStress(names: names), names, options.groups(.everyone))
        case .channels:
            let groups = options.groups(.everyone)
            return try run(ChannelsStress(names: names, groups: groups), names, groups)
        case .callback:
            let users = try users()
            let names = StressNames(
                mark: mark, names: Array(users.names.prefix(options.connections)))
            let groups = options.groups(.one)
            let dialect = CallbackStress(names: names, passwords: users.passwords, groups: groups)
            return try run(dialect, names, groups)
        }
    }

    private func users() throws(StressProblem) -> UsersFile {
        let path = options.usersFile ?? ""
        let shown = ByteEscaping.escape(path.utf8)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try Files.read(path)
        } catch {
            throw StressProblem("--users: \(shown): \(error.cause.reason)", .usage)
        }
        let users: UsersFile
        do throws(UsersFile.Problem) {
            users = try UsersFile(bytes)
        } catch {
            let reason = "a line is \"username password\" with one space between"
            throw StressProblem("--users: \(shown):\(error.line): \(reason)", .usage)
        }
        guard users.names.count >= options.connections else {
            throw StressProblem(
                "--users: \(shown) has \(Counted.text(users.names.count, "user")), and each of "
                    + "\(options.connections) clients needs one", .usage)
        }
        return users
    }

    private func run<Dialect: StressDialect>(
        _ dialect: Dialect, _ names: StressNames, _ groups: StressGroups
    ) throws(StressProblem) -> ProgramStatus {
        let progress = StressProgressLine(streams)
        let run = StressRun(
            options, dialect, names: names, groups: groups, address: address,
            signals: streams.signals(), report: { progress.show($0) })
        let end = run.run()
        progress.clear()
        switch end {
        case .failed(let failure):
            var problem = problem(failure)
            problem.report = run.makeReport(server: ServerConnection.shown(options.server))
            throw problem
        case .entering, .talking, .probing, .settling, .parting, .over: break
        }
        let report = run.makeReport(server: ServerConnection.shown(options.server))
        _ = try? streams.print(options.isJSON ? report.json : Array(report.text.utf8))
        if report.isInterrupted { return .interrupted }
        return report.isFine ? .success : .failed
    }

    private func problem(_ failure: StressFailure) -> StressProblem {
        let server = ServerConnection.shown(options.server)
        func client(_ number: Int) -> String { "client \(number + 1) of \(options.connections)" }
        switch failure {
        case .cannotConnect(let number, let error):
            return StressProblem(
                "\(client(number)) cannot connect to \(server): \(error.reason)", .cannotConnect)
        case .refused(let number, let answer):
            return StressProblem(
                "\(client(number)) is not let in: the server says "
                    + shown(answer) + again, .failed)
        case .noAnswer(let number):
            return StressProblem(
                "\(client(number)) is not let in: the server did not answer in time (--timeout)"
                    + again, .failed)
        case .closed(let number):
            return StressProblem(
                "the server has closed the connection of \(client(number)) before all had entered"
                    + again, .failed)
        case .system(let error):
            return StressProblem(error.description, .failed)
        }
    }

    private var again: String { "; again: \(options.replay)" }

    private func shown(_ answer: [UInt8]) -> String {
        let end = answer.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0
        return ByteEscaping.quoted(answer[..<min(end, 200)])
    }

    /// Four characters that differ from run to run.
    private static func mark(at time: WallTime) -> String {
        var number =
            UInt64(bitPattern: time.seconds) &* 1000 &+ UInt64(time.nanoseconds / 1_000_000)
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        var text = ""
        for _ in 0..<4 {
            text.append(digits[Int(number % 36)])
            number /= 36
        }
        return text
    }
}

extension StressRun {
    func makeReport(server: String) -> StressReport {
        var tally = CutTally()
        for connection in connections { tally += connection.writer.tally }
        return StressReport(
            chat: options.chat, server: server, connections: options.connections,
            groups: groups.count, messages: options.messages, seed: options.seed,
            plan: options.plan, replay: options.replay,
            sent: talk.windows.sent.reduce(0, +), expected: expectedDeliveries,
            arrived: talk.ledger.arrived,
            duration: max(talk.lastDelivery, began) - began,
            latency: talk.latency, cuts: tally, foreign: talk.foreign, counts: talk.findings.counts,
            details: talk.findings.first.map(detail), isInterrupted: isInterrupted)
    }

    private func detail(_ finding: StressFinding) -> StressReport.Detail {
        StressReport.Detail(
            finding: finding, sender: shown(finding.sender), receiver: finding.receiver.map(shown),
            cuts: finding.sequence.map { cuts(of: $0, from: finding.sender) } ?? [],
            behind: finding.behind.map { "message \($0.sequence + 1) of \(shown($0.sender))" })
    }

    private func shown(_ client: Int) -> String { ByteEscaping.escape(names.names[client]) }
}
