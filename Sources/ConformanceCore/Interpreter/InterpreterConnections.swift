// SPDX-License-Identifier: Apache-2.0

/// How the runner opens connections, and leaves them.
extension Interpreter {
    mutating func connect(_ link: LinkID, _ options: ConnectOptions) {
        if let first = plan.links[link.index].follows {
            // What it sent is still a cause: the server may tell others of its end later.
            close(successors[first] ?? first)
            successors[first] = link
        }
        links[link.index].phase = .connecting
        record(.connecting(link))
        ask(.connect(link, options))
    }

    mutating func act(_ action: PlanAction) {
        switch action {
        case .closeWrite(let link): leave(link, .closedWrite, .closeWrite(link), .closedWrite(link))
        case .close(let link): close(link)
        case .reset(let link): reset(link)
        case .stopReading(let link):
            links[link.index].isReading = false
            record(.stoppedReading(link))
            ask(.stopReading(link))
        case .resumeReading(let link):
            links[link.index].isReading = true
            record(.resumedReading(link))
            ask(.resumeReading(link))
        default: break
        }
    }

    mutating func close(_ link: LinkID) { leave(link, .closed, .close(link), .closed(link)) }

    mutating func reset(_ link: LinkID) { leave(link, .reset, .reset(link), .reset(link)) }

    private mutating func leave(
        _ link: LinkID, _ leaving: LinkState.Leaving, _ action: WorldAction,
        _ event: TranscriptEvent
    ) {
        links[link.index].leaving = leaving
        links[link.index].isCause = true
        if leaving != .closedWrite { links[link.index].isReading = false }
        record(event)
        ask(action)
    }
}
