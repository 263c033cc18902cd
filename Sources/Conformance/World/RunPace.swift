// SPDX-License-Identifier: Apache-2.0

import Arguments

/// When the next segment of a scenario may leave (`run --pace`, `split --pace`).
enum RunPace: Hashable, Sendable, CustomStringConvertible {
    /// When the server is seen to have taken the one before; where that cannot be seen, when its
    /// machine has acknowledged it and a short pause has gone by.
    case drained
    /// When the server's machine has acknowledged the one before, read or not (`SIOCOUTQ` is 0).
    case acked
    /// After so many nanoseconds.
    case pause(Int64)

    static let expected = "drained, acked, or " + DurationText.expected

    init?(parsing text: String) {
        if text == "acked" {
            self = .acked
            return
        }
        switch Pace(parsing: text) {
        case .drained?: self = .drained
        case .pause(let nanoseconds)?: self = .pause(nanoseconds)
        case nil: return nil
        }
    }

    /// How long a segment is held back whatever becomes of the one before, in nanoseconds.
    var pause: Int64 {
        switch self {
        case .drained, .acked: 0
        case .pause(let nanoseconds): nanoseconds
        }
    }

    var description: String {
        switch self {
        case .drained: Pace.drained.description
        case .acked: "acked"
        case .pause(let nanoseconds): Pace.pause(nanoseconds).description
        }
    }
}

extension RunPace {
    /// What a report must say of it; `nil` where every cut can be proven.
    func note(hasSeenServer: Bool) -> String? {
        switch self {
        case .drained where hasSeenServer: nil
        case .drained:
            "the server's ends of the connections are not to be seen from here; instead of the proof "
                + "that a segment was taken, its acknowledgement and a pause of 1 ms are waited for"
        case .acked:
            "with --pace acked the next segment leaves when the server's machine has acknowledged "
                + "the one before; that the server has read it is not looked at, so no cut is proven"
        case .pause:
            "with --pace \(self) the next segment leaves after that time, taken or not; no cut is "
                + "proven"
        }
    }
}
