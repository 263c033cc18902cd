// SPDX-License-Identifier: Apache-2.0

/// Showing that nothing comes, without waiting where a server can be asked.
///
/// Causes first: a barrier on the observer alone is overtaken by a correct server with a thread
/// for each client, whose sender's thread has not come to deliver yet.
extension Interpreter {
    mutating func absenceCheck(
        of observed: [LinkID], mayBeQuiet: Bool, isSweep: Bool = false
    ) -> AbsenceCheck {
        var check = AbsenceCheck(observed: observed, isSweep: isSweep, mayBeQuiet: mayBeQuiet)
        for index in links.indices where links[index].isCause {
            guard links[index].phase == .open else { continue }
            check.causes.insert(LinkID(index))
            // A server may end a connection first and tell the others of it afterwards.
            if links[index].serverEnd != nil { check.needsQuiet = true }
            if !isRelayed(LinkID(index)) { wait(for: LinkID(index), in: &check) }
        }
        return check
    }

    /// Goes on with the check as far as it can; `true` when it is through.
    mutating func advance(_ check: inout AbsenceCheck) -> Bool {
        while true {
            for (link, wait) in check.waits where isOver(wait, on: link, in: &check) {
                check.waits[link] = nil
            }
            startRelays(&check)
            guard check.waits.isEmpty, check.relays.isEmpty else { return false }
            switch check.stage {
            case .causes:
                check.stage = .relays
                check.relays = check.causes.union(check.observed).sorted().filter {
                    isRelayed($0) && isWorthARelay($0, check)
                }
            case .relays:
                check.stage = .observers
                for link in check.observed
                where !isRelayed(link) && needsOwnBarrier(link, check) {
                    wait(for: link, in: &check)
                }
            case .observers:
                guard check.needsQuiet, check.mayBeQuiet else { return true }
                check.stage = .quiet(until: now + timing.quietWindow)
            case .quiet(let until):
                guard now >= until else { return false }
                // What these causes had to bring would have come by now.
                for cause in check.causes { links[cause.index].isCause = false }
                return true
            }
        }
    }

    /// A connection whose own barrier came after every cause needs no second one.
    private func needsOwnBarrier(_ link: LinkID, _ check: AbsenceCheck) -> Bool {
        !(check.answered.contains(link) && check.causes.isSubset(of: [link]))
    }

    private mutating func wait(for link: LinkID, in check: inout AbsenceCheck) {
        let state = links[link.index]
        guard state.phase == .open, state.serverEnd == nil else { return }
        if let number = sendBarrier(on: link) {
            check.waits[link] = .answer(number)
            return
        }
        check.needsQuiet = true
        if state.writer.isUntaken || !state.writer.queue.isEmpty || state.leaving != .no {
            links[link.index].writer.isUntaken = true
            links[link.index].writer.isAwaited = true
            check.waits[link] = .drain
            pump(link)
        }
    }

    private func isOver(
        _ wait: AbsenceCheck.Wait, on link: LinkID, in check: inout AbsenceCheck
    ) -> Bool {
        let hasEnded = links[link.index].serverEnd != nil
        switch wait {
        case .answer(let number):
            guard links[link.index].barriersAnswered >= number else { return hasEnded }
            check.answered.insert(link)
            return true
        case .relay(let number, let asker):
            guard !hasEnded, links[asker.index].serverEnd == nil else { return true }
            guard links[link.index].barriersAnswered >= number, links[asker.index].relay == nil
            else { return false }
            check.answered.insert(link)
            return true
        case .drain:
            return !links[link.index].writer.isUntaken || hasEnded
        }
    }
}
