// SPDX-License-Identifier: Apache-2.0

/// One line on standard error that says how far a run is, where a person may be looking.
final class StressProgressLine {
    private let streams: Streams
    private var isShown = false

    init(_ streams: Streams) { self.streams = streams }

    func show(_ progress: StressProgress) {
        guard streams.showsProgress else { return }
        streams.complain("\r\u{1B}[K" + Self.text(progress))
        isShown = true
    }

    func clear() {
        guard isShown else { return }
        streams.complain("\r\u{1B}[K")
        isShown = false
    }

    static func text(_ progress: StressProgress) -> String {
        guard progress.nanoseconds > 0 else {
            return "\(Counted.grouped(progress.entered)) of "
                + "\(Counted.text(progress.connections, "client")) in"
        }
        let rate = Int(Double(progress.arrived) * 1e9 / Double(progress.nanoseconds))
        return "\(Counted.grouped(progress.sent)) of "
            + "\(Counted.text(progress.messages, "message")) sent, "
            + "\(Counted.grouped(rate)) deliveries/s, \(Counted.grouped(progress.wrong)) wrong"
    }
}
