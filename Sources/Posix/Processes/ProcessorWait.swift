// SPDX-License-Identifier: Apache-2.0

/// How much a process and its descendants have run, and waited to run, so far.
///
/// Sums over all threads, from `/proc/<pid>/task/<tid>/schedstat`; the wait of a thread that has
/// not come to run yet is not in it. All zero where the kernel does not tell
/// (`CONFIG_SCHED_INFO`) or the process is gone.
package struct ProcessorWait: Equatable, Sendable {
    /// Nanoseconds on a processor.
    package private(set) var ran: Int64 = 0
    /// Nanoseconds ready to run, without a processor.
    package private(set) var waited: Int64 = 0
    /// A thread is running or waits for a processor right now.
    package private(set) var isRunnable = false

    package init(ran: Int64, waited: Int64, isRunnable: Bool) {
        self.ran = ran
        self.waited = waited
        self.isRunnable = isRunnable
    }

    /// The sum with what others have run and waited.
    package func added(to other: ProcessorWait?) -> ProcessorWait {
        guard let other else { return self }
        return ProcessorWait(
            ran: ran + other.ran, waited: waited + other.waited,
            isRunnable: isRunnable || other.isRunnable)
    }

    /// How long this thread has waited, and nothing else: that it runs now is known.
    package static var ofThisThread: ProcessorWait {
        var own = ProcessorWait(ran: 0, waited: 0, isRunnable: false)
        own.add("/proc/thread-self")
        return ProcessorWait(ran: 0, waited: own.waited, isRunnable: false)
    }

    /// Asks the kernel.
    package init(ofTree process: Int32) {
        var waiting = [process]
        var seen: Set<Int32> = []
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted else { continue }
            for thread in ProcessTable.numbers(in: "/proc/\(next)/task") {
                add("/proc/\(next)/task/\(thread)")
            }
            waiting += ProcessTable.children(of: next)
        }
    }

    private mutating func add(_ thread: String) {
        let space = UInt8(ascii: " ")
        guard let times = ProcessTable.contents("\(thread)/schedstat"),
            let stat = ProcessTable.contents("\(thread)/stat"),
            let name = stat.lastIndex(of: UInt8(ascii: ")"))
        else { return }
        let numbers = times.split(separator: space).prefix(2).map {
            Int64(String(decoding: $0, as: UTF8.self)) ?? 0
        }
        guard numbers.count == 2 else { return }
        ran += numbers[0]
        waited += numbers[1]
        // Field 3 of stat(5), behind the name, which may hold anything.
        let state = stat[(name + 1)...].first { $0 != space }
        isRunnable = isRunnable || state == UInt8(ascii: "R")
    }
}

extension Child {
    /// How much it and its descendants have run and waited so far.
    package var processorWait: ProcessorWait { ProcessorWait(ofTree: processID) }
}
