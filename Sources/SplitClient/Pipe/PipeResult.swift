// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix

/// What was sent, and how much of it is known to have arrived as it was cut.
struct PipeTally: Equatable {
    var bytesSent = 0
    var segments = 0
    var bytesReceived = 0
    /// Cuts that the plan has made.
    var plannedCuts = 0
    /// Cuts before which the server was seen to have taken all that was sent.
    var provenCuts = 0
    /// Cuts that only a pause stands for.
    var assumedCuts = 0

    /// One line for standard error.
    func summary(pace: Pace) -> String {
        let sent = "sent \(counted(bytesSent, "byte")) in \(counted(segments, "segment"))"
        let received = "received \(counted(bytesReceived, "byte"))"
        let cuts = "\(counted(plannedCuts, "cut")) planned, \(provenCuts) proven"
        return "\(sent), \(received); \(cuts)\(reason(pace))"
    }

    private func reason(_ pace: Pace) -> String {
        guard assumedCuts > 0 else { return "" }
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
