// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct ClockTests {
    @Test(
        "a moment is written in ISO 8601",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, 999_999_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, 42_000_000, "2024-02-29T23:59:59.042Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"),
            (-1, 0, "1969-12-31T23:59:59.000Z"),
        ] as [(Int64, Int32, String)]
    )
    func iso8601(seconds: Int64, nanoseconds: Int32, text: String) {
        #expect(WallTime(seconds: seconds, nanoseconds: nanoseconds).description == text)
    }

    @Test func everyDayFrom1970To2200IsTheOneThatTheCLibrarySays() {
        for day in 0..<84_000 {
            var (time, parts) = (time_t(day * 86_400 + 3723), tm())
            gmtime_r(&time, &parts)
            let text = WallTime(seconds: Int64(time), nanoseconds: 0).description
            var buffer = [CChar](repeating: 0, count: 64)
            strftime(&buffer, 64, "%Y-%m-%dT%H:%M:%S.000Z", &parts)
            let expected = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            #expect(Array(text.utf8) == expected)
        }
    }

    @Test func theMonotonicClockNeverGoesBack() {
        let (first, second) = (MonotonicClock.now, MonotonicClock.now)
        #expect(first <= second)
        #expect(MonotonicClock.deadline(after: .max) == .max)
    }
}

@Suite struct SignalTests {
    @Test func blockedSignalsAreReadOneByOne() throws {
        let signals = try Signals(taking: [Signal(number: SIGUSR1), Signal(number: SIGUSR2)])
        #expect(try signals.next() == nil)
        pthread_kill(pthread_self(), SIGUSR1)
        #expect(try signals.next()?.description == "SIGUSR1")
        #expect(try signals.next() == nil)
        signals.unblock()
    }

    @Test func aSignalWithoutANameIsANumber() {
        #expect(Signal(number: 99).description == "signal 99")
    }
}

@Suite struct OutputTests {
    @Test func allBytesAreWrittenThoughThePipeIsFull() throws {
        let pipe = try Pipe()
        try pipe.writer.setNonBlocking()
        var command = Command(["wc", "-c"])
        command.output = .pipe
        // The reader is a child that begins to read while we wait for room.
        let bytes = [UInt8](repeating: 65, count: 1 << 20)
        command.arguments = ["/bin/sh", "-c", "wc -c < /proc/\(getpid())/fd/\(pipe.reader.number)"]
        let child = try Child(command)
        #expect(try Output.write(bytes, to: pipe.writer.number) == .written)
        pipe.writer.close()
        #expect(try reading(#require(child.output)) == "1048576\n")
    }

    @Test func aClosedReaderIsAnAnswer() throws {
        try inItsOwnProcess("isolatedClosedReader")
    }

    @Test(.enabled(if: isIsolated)) func isolatedClosedReader() throws {
        Signals.ignoreBrokenPipes()
        let pipe = try Pipe()
        pipe.reader.close()
        #expect(try Output.write([1], to: pipe.writer.number) == .closed)
    }

    @Test func aFullDiskIsAnError() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let error = #expect(throws: SystemCallError.self) { try Output.write([1], to: full) }
        #expect(error?.code == ENOSPC)
    }

    @Test(
        "colour is for terminals whose user did not decline",
        arguments: [
            (true, ["TERM": "xterm"], true), (false, ["TERM": "xterm"], false),
            (true, ["TERM": "dumb"], false), (true, [:], false),
            (true, ["TERM": "xterm", "NO_COLOR": "1"], false),
            (true, ["TERM": "xterm", "NO_COLOR": ""], true),
        ] as [(Bool, [String: String], Bool)]
    )
    func colour(isTerminal: Bool, variables: [String: String], welcome: Bool) {
        let answer = Terminal.welcomesColour(isTerminal: isTerminal) { variables[$0] }
        #expect(answer == welcome)
    }

    @Test func aPipeIsNoTerminalAndHasNoWidth() throws {
        let pipe = try Pipe()
        #expect(!Terminal.isTerminal(pipe.writer.number))
        #expect(Terminal.width(pipe.writer.number) == nil)
    }
}
