// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What went through in one direction.
struct RouteTally: Equatable {
    var bytes = 0
    /// Bytes that came and had not left when their connection was over.
    var untaken = 0
    var cuts = CutTally()
    /// Segments that left because time was up.
    var flushes = 0
    /// Cuts that such segments had overtaken.
    var missed = 0

    static func += (sum: inout RouteTally, other: RouteTally) {
        sum.bytes += other.bytes
        sum.untaken += other.untaken
        sum.cuts += other.cuts
        sum.flushes += other.flushes
        sum.missed += other.missed
    }
}

/// What a proxy did, for the lines at its end.
struct ProxyTally: Equatable {
    var connections = 0
    /// Clients for whom the server could not be reached.
    var unreached = 0
    var resets = 0
    var there = RouteTally()
    var back = RouteTally()

    subscript(route: ProxyRoute) -> RouteTally {
        get {
            switch route {
            case .there: there
            case .back: back
            }
        }
        set {
            switch route {
            case .there: there = newValue
            case .back: back = newValue
            }
        }
    }

    /// Three lines: the connections, then each direction.
    func summary(_ options: ProxyOptions) -> [String] {
        var first = counted(connections, "connection")
        if resets > 0 { first += ", \(resets) reset" }
        if unreached > 0 { first += ", \(unreached) without the server" }
        return [
            first,
            "to the server: " + line(.there, options),
            "to clients: " + line(.back, options),
        ]
    }

    private func line(_ route: ProxyRoute, _ options: ProxyOptions) -> String {
        let tally = self[route]
        var bytes = counted(tally.bytes, "byte")
        if tally.untaken > 0 { bytes += " (and \(tally.untaken) that nobody was there to take)" }
        if options.replayFile == nil, options[route].plan == .plan(.whole) {
            return "\(bytes), not cut"
        }
        let cuts = tally.cuts
        var line =
            "\(bytes) in \(counted(cuts.segments, "segment")); "
            + "\(counted(cuts.planned, "cut")) planned, \(cuts.proven) proven"
        if cuts.left > 0 { line += ", \(counted(cuts.left, "segment")) left unread" }
        if tally.flushes > 0 { line += ", \(counted(tally.flushes, "flush", "flushes"))" }
        if tally.missed > 0 { line += " that overtook \(counted(tally.missed, "cut"))" }
        return line
    }

    private func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
    }
}
