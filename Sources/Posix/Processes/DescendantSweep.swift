// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// Finds and kills what a child has left behind.
///
/// Rules:
/// - We are a subreaper: when a process of the tree dies, its children become ours. So once all that
///   is known is dead and reaped, whoever is left stands among our own children, and passes over
///   those end with a pass that finds nobody.
/// - An orphan belongs to the child if it was seen below it, is in its session, or carries its
///   marker; also if it carries no marker at all and there is no other child that it could come
///   from (its environment was cleared or overwritten).
struct DescendantSweep {
    let root: Int32
    let marker: ChildMarker
    private var seen: Set<Int32> = []

    init(root: Int32, marker: ChildMarker) {
        self.root = root
        self.marker = marker
    }

    /// Kills a process and all that is below it at this moment.
    mutating func kill(treeFrom process: Int32) {
        for member in ProcessTable.tree(from: process) {
            seen.insert(member)
            _ = Glibc.kill(member, SIGKILL)
        }
    }

    /// Kills and reaps the orphans of the child; returns those that are not gone yet.
    mutating func pass(until deadline: Int64) -> [Int32] {
        var left: [Int32] = []
        for orphan in orphans() {
            if !isReaped(orphan) {
                kill(treeFrom: orphan)
                if !isReaped(orphan) { left.append(orphan) }
            }
            if MonotonicClock.now >= deadline { break }
        }
        return left
    }

    /// Its number may now be given to another process.
    private mutating func isReaped(_ process: Int32) -> Bool {
        guard cshim_wait(process).process != 0 else { return false }
        seen.remove(process)
        return true
    }

    private func orphans() -> [Int32] {
        ChildRegistry.withState { state in
            let others = state.unsettled.keys.contains { $0 != root }
            return ProcessTable.children(of: getpid()).filter { process in
                state.unsettled[process] == nil && state.foreign?.contains(process) != true
                    && isOurs(process, aloneHere: !others)
            }
        }
    }

    private func isOurs(_ process: Int32, aloneHere: Bool) -> Bool {
        if seen.contains(process) || ProcessTable.session(of: process) == root { return true }
        switch marker.finding(in: ProcessTable.environment(of: process)) {
        case .ours: return true
        case .another: return false
        case .none: return aloneHere
        }
    }
}
