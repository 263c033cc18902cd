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
///   marker. If it carries no marker at all (its environment was cleared or overwritten), it belongs
///   to the child unless there is another that it could come from; those that could be of several
///   are killed with the last of these. What is in our own session was not started by `Child`, whose
///   descendants cannot get there.
struct DescendantSweep {
    let root: Int32
    let marker: ChildMarker
    private var seen: Set<Int32> = []

    init(root: Int32, marker: ChildMarker) {
        self.root = root
        self.marker = marker
    }

    /// For orphans that are nobody's who still runs.
    init(of orphans: [Int32], marker: ChildMarker) {
        self.init(root: 0, marker: marker)
        seen = Set(orphans)
    }

    /// Passes until nobody is found, or the deadline has passed.
    mutating func run(until deadline: Int64) -> Finding {
        var found = pass(until: deadline)
        while found != .nobody, MonotonicClock.now < deadline {
            if case .remaining = found { _ = cshim_poll(nil, 0, 100_000) }
            found = pass(until: deadline)
        }
        return found
    }

    /// Kills a process and all that is below it at this moment.
    ///
    /// A child that is forked between the look at its parent and the parent's death becomes ours.
    mutating func kill(treeFrom process: Int32, until deadline: Int64) {
        var waiting = [process]
        while let member = waiting.popLast(), MonotonicClock.now < deadline {
            waiting += ProcessTable.children(of: member)
            seen.insert(member)
            _ = Glibc.kill(member, SIGKILL)
        }
    }

    /// What one pass over the orphans has found.
    enum Finding: Equatable {
        case nobody
        /// They are reaped, but may have left children since we looked.
        case allReaped
        /// These have been killed and are not gone yet.
        case remaining([Int32])
    }

    /// Kills and reaps the orphans of the child.
    mutating func pass(until deadline: Int64) -> Finding {
        let orphans = orphans()
        var left: [Int32] = []
        for orphan in orphans where !isReaped(orphan) {
            kill(treeFrom: orphan, until: deadline)
            if !isReaped(orphan) { left.append(orphan) }
        }
        if !left.isEmpty { return .remaining(left) }
        return orphans.isEmpty ? .nobody : .allReaped
    }

    /// Its number may now be given to another process.
    private mutating func isReaped(_ process: Int32) -> Bool {
        guard ChildRegistry.wait(process).process != 0 else { return false }
        seen.remove(process)
        return true
    }

    private func orphans() -> [Int32] {
        let (found, hasOthers) = ChildRegistry.orphans(besides: root)
        return found.compactMap { process, owner in
            isOurs(process, owner, aloneHere: !hasOthers) ? process : nil
        }
    }

    private func isOurs(_ process: Int32, _ owner: ChildMarker?, aloneHere: Bool) -> Bool {
        if seen.contains(process) || owner == marker { return true }
        guard owner == nil, let status = ProcessTable.status(of: process),
            status.session != getsid(0)
        else { return false }
        if status.session == root { return true }
        guard let owner = DescendantSweep.owner(of: process, status) else { return aloneHere }
        ChildRegistry.setOwner(owner, of: process)
        return owner == marker
    }

    /// The environment is empty for a moment while a process executes a program.
    private static func owner(of process: Int32, _ status: ProcessTable.Status) -> ChildMarker? {
        for _ in 0..<5 where !status.isZombie {
            let environment = ProcessTable.environment(of: process)
            if !environment.isEmpty { return ChildMarker(in: environment) }
            _ = cshim_poll(nil, 0, 100_000)
        }
        return nil
    }
}
