// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A signal number with its name.
package struct Signal: Hashable, Sendable, CustomStringConvertible {
    package let number: Int32

    package init(number: Int32) {
        self.number = number
    }

    package static let interrupt = Signal(number: SIGINT)
    package static let terminate = Signal(number: SIGTERM)
    package static let kill = Signal(number: SIGKILL)
    package static let hangUp = Signal(number: SIGHUP)
    package static let child = Signal(number: SIGCHLD)
    package static let brokenPipe = Signal(number: SIGPIPE)
    /// Control-Z at the terminal.
    package static let terminalStop = Signal(number: SIGTSTP)
    package static let continued = Signal(number: SIGCONT)
    /// The terminal has another size.
    package static let windowChanged = Signal(number: SIGWINCH)

    /// `SIGTERM`, or `signal 99` for a number without a name.
    package var description: String {
        guard let name = cshim_signal_name(number) else { return "signal \(number)" }
        return "SIG" + String(cString: name)
    }
}

/// Signals as something to poll for instead of interruptions.
///
/// To be made before the program's first thread, which the others inherit the blocked signals
/// from. `Child` unblocks all of them in what it starts.
package final class Signals {
    /// Readable while a signal waits, for a `Poller`.
    package let descriptor: Int32
    private let numbers: [Int32]

    /// Blocks these signals in this thread and reads them from a descriptor from now on.
    ///
    /// The corresponding C functions are `pthread_sigmask` and `signalfd`.
    package init(
        taking signals: [Signal] = [.interrupt, .terminate, .child]
    ) throws(SystemCallError) {
        self.numbers = signals.map(\.number)
        let (numbers, count) = (numbers, Int32(signals.count))
        let code = cshim_block_signals(numbers, count)
        guard code == 0 else { throw SystemCallError(call: "pthread_sigmask", code: code) }
        self.descriptor = try checked("signalfd") { cshim_signalfd(numbers, count) }
    }

    /// Stops reading; the signals stay blocked.
    deinit { _ = close(descriptor) }

    /// Takes one waiting signal; `nil` when there is none.
    ///
    /// Signals of one kind that wait together come as one.
    package func next() throws(SystemCallError) -> Signal? {
        var number: Int32 = 0
        let result = retryingOnInterrupt { cshim_read_signal(descriptor, &number) }
        if result == 0 { return Signal(number: number) }
        guard errno == EAGAIN else { throw SystemCallError(call: "read") }
        return nil
    }

    /// Lets these signals interrupt this thread again.
    package func unblock() {
        _ = cshim_unblock_signals(numbers, Int32(numbers.count))
    }

    /// Lets `terminalStop` do what it does to a program that does not take it: returns when the
    /// process goes on; at once where nobody could continue it, or the signal is ignored.
    ///
    /// The corresponding C functions are `raise` and `pthread_sigmask`.
    package func stop() {
        let number = Signal.terminalStop.number
        _ = raise(number)
        _ = cshim_unblock_signals([number], 1)
        _ = cshim_block_signals([number], 1)
    }

    /// Lets these signals end the program at once with a status, until they are taken or blocked.
    ///
    /// One that is ignored stays so. The corresponding C functions are `sigaction` and `_exit`.
    package static func exit(on signals: [Signal], status: Int32) {
        for signal in signals { _ = cshim_exit_on_signal(signal.number, status) }
    }

    /// Makes writing to a closed pipe or socket an error instead of the program's end.
    package static func ignoreBrokenPipes() {
        _ = cshim_ignore_signal(SIGPIPE)
    }
}
