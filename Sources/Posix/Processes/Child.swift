// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A process that we have started, in a session of its own.
///
/// Its standard input is `/dev/null`, it has no other descriptor but 0, 1 and 2, all signals are at
/// their defaults and unblocked, and it is killed when *the thread* that started it ends: start it
/// from one that lives as long as the program. Its descendants carry a marker in their environment
/// and become children of ours when their parents die, so that `killAll` finds them. A program that
/// uses `Child` must start processes in no other way.
package final class Child {
    package let processID: Int32
    /// Readable when the process has ended, for a `Poller` (`pidfd_open`).
    package let pidfd: Descriptor
    /// The reading end of its standard output, if that is a pipe.
    package let output: Descriptor?
    /// The reading end of its standard error, if that is a pipe.
    package let errorOutput: Descriptor?
    let marker: ChildMarker
    private var termination: Termination?

    /// Starts a program; it has been executed when this returns.
    ///
    /// The corresponding C functions are `vfork`, `setsid`, `execvpe`, `pidfd_open`.
    package init(_ command: Command) throws(SpawnError) {
        guard command.arguments.first?.isEmpty == false else {
            let cause = SystemCallError(call: "execve", code: ENOENT)
            throw SpawnError(step: .execute("an empty command"), cause: cause)
        }
        let streams = try SpawnError.preparing { () throws(SystemCallError) in
            try ChildStreams(command)
        }
        let marker = ChildMarker.next()
        self.processID = try ChildRegistry.spawn(command, marker, streams)
        self.marker = marker
        self.output = streams.outputReader
        self.errorOutput = streams.errorReader
        let number = retryingOnInterrupt { [processID] in cshim_pidfd_open(processID) }
        let cause = SystemCallError(call: "pidfd_open")
        self.pidfd = Descriptor(owning: number)
        guard number >= 0 else {
            killAll()
            throw SpawnError(step: .prepare, cause: cause)
        }
    }

    /// Kills everything that is left of it.
    deinit { killAll() }

    /// How it has ended; `nil` while it runs.
    ///
    /// Does not block. The corresponding C function is `waitpid`.
    package func wait() -> Termination? {
        if let termination { return termination }
        let result = ChildRegistry.wait(processID)
        guard result.process != 0 else { return nil }
        termination =
            if result.process < 0 {
                .unknown
            } else if result.exited != 0 {
                .exited(result.value)
            } else {
                .signalled(Signal(number: result.value))
            }
        return termination
    }

    /// Waits until it has ended or the deadline has passed; `nil` if it still runs.
    package func wait(until deadline: Int64) throws(SystemCallError) -> Termination? {
        while wait() == nil {
            guard try waitForOne(pidfd.number, .readable, until: deadline) else { break }
        }
        return wait()
    }

    /// Sends a signal to the process alone; does nothing once it has ended.
    ///
    /// The corresponding C function is `kill`.
    package func signal(_ signal: Signal) {
        guard wait() == nil else { return }
        _ = kill(processID, signal.number)
    }

    /// Kills the process and all its descendants, whatever sessions they made.
    ///
    /// Waits for no pipe. Returns the descendants that were still there after so many nanoseconds:
    /// none, unless the machine is very slow or they belong to another user. To be called again, as
    /// calling twice is as once.
    @discardableResult
    package func killAll(within nanoseconds: Int64 = 2_000_000_000) -> [Int32] {
        guard !ChildRegistry.isSettled(processID, marker) else { return [] }
        let deadline = MonotonicClock.deadline(after: nanoseconds)
        var sweep = DescendantSweep(root: processID, marker: marker)
        if wait() == nil { sweep.kill(treeFrom: processID, until: deadline) }
        guard (try? wait(until: deadline)) != nil else { return [processID] }
        switch sweep.run(until: deadline) {
        case .remaining(let left): return left
        case .allReaped: return []
        case .nobody: break
        }
        let strays = ChildRegistry.settle(processID, marker)
        if strays.isEmpty { return [] }
        var rest = DescendantSweep(of: strays, marker: marker)
        if case .remaining(let left) = rest.run(until: deadline) { return left }
        return []
    }
}
