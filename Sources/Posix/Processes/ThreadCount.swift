// SPDX-License-Identifier: Apache-2.0

extension Child {
    /// How many threads it and its descendants have: the entries of `/proc/<pid>/task`.
    ///
    /// 0 where the process is gone.
    package var threadCount: Int {
        var waiting = [processID]
        var seen: Set<Int32> = []
        var count = 0
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted else { continue }
            count += ProcessTable.numbers(in: "/proc/\(next)/task").count
            waiting += ProcessTable.children(of: next)
        }
        return count
    }
}
