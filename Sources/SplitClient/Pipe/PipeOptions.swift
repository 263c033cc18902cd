// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Specs

/// What `splitclient pipe` is asked to do.
struct PipeOptions {
    var host: String
    var port: UInt16
    var plan: CutPlan
    /// How the input has borders; `nil`: each block that is read is one message.
    var framing: Framing?
    var pace: Pace

    init(_ line: ParsedCommand) throws(UsageError) {
        host = line.value("host") ?? ""
        port = UInt16(clamping: try line.integer("port", in: 1...65_535) ?? 0)
        guard let plan = try line.cutPlan() else {
            throw line.usageError("--cut is missing; write --cut=whole to cut nothing")
        }
        self.plan = plan
        framing = try line.framing()
        pace = try line.value("pace", expected: Pace.expected, Pace.init(parsing:)) ?? .drained
    }
}
