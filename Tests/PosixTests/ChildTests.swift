// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix
import Testing

@Suite struct ChildTests {
    private func shell(_ script: String) -> Command {
        var command = Command(["/bin/sh", "-c", script])
        command.output = .pipe
        return command
    }

    private func output(of command: Command) throws -> String {
        let child = try Child(command)
        return try reading(#require(child.output))
    }

    private func ended(_ child: Child) throws -> Termination? {
        try child.wait(until: MonotonicClock.deadline(after: 10 * second))
    }

    @Test func theExitStatusComesBack() throws {
        let child = try Child(shell("exit 7"))
        #expect(try ended(child) == .exited(7))
        #expect(child.wait() == .exited(7))
    }

    @Test func theSignalComesBackWithItsName() throws {
        let child = try Child(shell("kill -SEGV $$"))
        #expect(try ended(child)?.description == "was killed by SIGSEGV")
    }

    @Test func aSignalReachesARunningChild() throws {
        let child = try Child(shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done"))
        _ = try reading(#require(child.output)) { $0.last == UInt8(ascii: "\n") }
        #expect(child.wait() == nil)
        child.signal(.terminate)
        #expect(try ended(child) == .exited(5))
    }

    @Test func aChildIsWokenAsLateAsUsualHoweverPunctualWeAre() throws {
        let usual = try Files.read("/proc/\(getpid())/timerslack_ns", limit: 100)
        TimerSlack.shorten()
        var command = Command(["/bin/cat", "/proc/self/timerslack_ns"])
        command.output = .pipe
        #expect(try output(of: command) == String(decoding: usual, as: UTF8.self))
    }

    @Test func aMissingProgramIsNoSuchFile() {
        let error = #expect(throws: SpawnError.self) { try Child(Command(["/nowhere/server"])) }
        #expect(error?.cause.code == ENOENT)
        let text = "cannot execute /nowhere/server: No such file or directory (ENOENT)"
        #expect(error?.description == text)
    }

    @Test("an empty command is an error", arguments: [[], [""]])
    func emptyCommand(arguments: [String]) {
        let error = #expect(throws: SpawnError.self) { try Child(Command(arguments)) }
        #expect(error?.step == .execute("an empty command"))
    }

    @Test func aMissingWorkingDirectoryIsToldFromAMissingProgram() {
        var command = Command(["/bin/sh"])
        command.directory = "/nowhere"
        let error = #expect(throws: SpawnError.self) { try Child(command) }
        #expect(error?.step == .directory("/nowhere"))
        #expect(error?.cause.code == ENOENT)
    }

    @Test func aProgramIsFoundThroughThePathAndStartsInItsDirectory() throws {
        var command = Command(["pwd"])
        command.directory = "/usr"
        command.output = .pipe
        #expect(try output(of: command) == "/usr\n")
    }

    @Test func variablesAreAddedToOurs() throws {
        var command = shell("echo $ADDED $HOME")
        command.environment = ["ADDED": "value", "HOME": "/elsewhere"]
        #expect(try output(of: command) == "value /elsewhere\n")
    }

    @Test func outputAndErrorsComeApartAndInputIsEmpty() throws {
        var command = shell("cat; echo out; echo err >&2")
        command.errorOutput = .pipe
        let child = try Child(command)
        #expect(try reading(#require(child.output)) == "out\n")
        #expect(try reading(#require(child.errorOutput)) == "err\n")
    }

    @Test func bothOutputsCanShareADescriptor() throws {
        let pipe = try Pipe()
        try pipe.reader.setNonBlocking()
        var command = shell("echo out; echo err >&2")
        command.output = .descriptor(pipe.writer.number)
        command.errorOutput = .descriptor(pipe.writer.number)
        let child = try Child(command)
        pipe.writer.close()
        #expect(try reading(pipe.reader) == "out\nerr\n")
        #expect(try ended(child) == .exited(0))
    }

    @Test func aChildHasThreeDescriptorsAndNoMore() throws {
        let pair = try Connected()
        // The fourth is the directory that ls itself reads.
        #expect(try output(of: Command(listing: "/proc/self/fd")) == "0\n1\n2\n3\n")
        #expect(pair.client.descriptor > 2)
    }

    @Test func aChildLeadsASessionWithNothingBlockedOrIgnored() throws {
        let status = try output(of: shell("grep -E '^(NSsid|Sig(Blk|Ign))' /proc/self/status"))
        #expect(status.contains("SigBlk:\t0000000000000000"))
        #expect(status.contains("SigIgn:\t0000000000000000"))
        let child = try Child(shell("sleep 1000"))
        #expect(getsid(child.processID) == child.processID)
    }

    @Test func theLimitOfDescriptorsCanBeSet() throws {
        var command = shell("ulimit -n")
        command.descriptorLimit = 123
        #expect(try output(of: command) == "123\n")
    }

    @Test func startingAndKillingLeaksNoDescriptor() throws {
        try inItsOwnProcess("isolatedLeaks")
    }

    @Test(.enabled(if: isIsolated)) func isolatedLeaks() throws {
        func once() throws {
            var command = shell("sleep 1000")
            command.errorOutput = .pipe
            #expect(try Child(command).killAll() == [])
            #expect(throws: SpawnError.self) { try Child(Command(["/nowhere"])) }
            #expect(throws: SystemCallError.self) {
                try Listener(on: SocketAddress(.v4(0xC000_0201), port: 0))
            }
            _ = try SocketDiagnosis().listener(at: Connected().listener.localAddress)
        }
        try once()
        let before = try openDescriptors()
        for _ in 0..<20 { try once() }
        #expect(try openDescriptors() == before)
    }
}

extension Command {
    fileprivate init(listing path: String) {
        self.init(["ls", path])
        output = .pipe
    }
}
