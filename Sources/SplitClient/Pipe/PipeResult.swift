// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// What was sent, and how much of it is known to have arrived as it was cut.
struct PipeTally: Equatable {
    var cuts: CutTally
    var bytesSent: Int
    var bytesReceived: Int

    /// One line for standard error.
    func summary(pace: Pace) -> String {
        let sent = "sent \(counted(bytesSent, "byte")) in \(counted(cuts.segments, "segment"))"
        let received = "received \(counted(bytesReceived, "byte"))"
        let planned = "\(counted(cuts.planned, "cut")) planned, \(cuts.proven) proven"
        return "\(sent), \(received); \(planned)\(reason(pace))"
    }

    private func reason(_ pace: Pace) -> String {
        if cuts.left > 0 {
            return " (\(counted(cuts.left, "segment")) lay unread until the next one left: the "
                + "server waits for the rest of messages)"
        }
        guard cuts.assumed > 0 else { return "" }
        switch pace {
        case .drained:
            return " (where the server's end of the connection cannot be seen, a pause of "
                + "\(Pace.pause(Pace.standardPause)) stood in)"
        case .pause: return " (after a pause of \(pace) the next segment left, taken or not)"
        }
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}

/// How a pipe has ended.
enum PipeEnd: Equatable {
    /// The server has ended its direction in order, and took what it was sent.
    case closed
    case reset
    case failed(SystemCallError)
}
