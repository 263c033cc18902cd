// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// The log on standard error: one line an entry, client text escaped.
///
/// It never waits for who reads it: what a full pipe does not take waits up to a bound, and beyond it
/// is lost; how many entries were lost is the next one.
struct Log {
    /// From what always matters to what only matters when looking for something.
    enum Level: Int, CaseIterable {
        case error, warning, info, debug

        var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .info: "info"
            case .debug: "debug"
            }
        }
    }

    let level: Level
    private let output = ErrorOutput(limit: ServerLimits.logQueue) { lost in
        "refserver: warning: \(lost) entries of the log were lost, which nobody read in time\n"
    }

    init(level: Level) { self.level = level }

    /// Whether something waits that standard error has not taken.
    var isWaiting: Bool { output.isWaiting }

    /// Writes what standard error takes by now of what waits.
    func writeWaiting() { output.writeWaiting() }

    /// Writes what waits, if that takes no longer than a moment.
    func end() { output.end(within: ServerLimits.logEnd) }

    /// Writes an entry, unless its level is above the log's; the text is not made then.
    ///
    /// What is no trouble waits for the end of the turn: all of one turn is one write.
    func write(_ level: Level, _ text: @autoclosure () -> String) {
        guard level.rawValue <= self.level.rawValue else { return }
        let entry = "refserver: \(level.name): \(text())\n"
        switch level {
        case .error, .warning: output.write(entry)
        case .info, .debug: output.writeLater(entry)
        }
    }

    /// Text that may hold client bytes.
    static func escaped(_ bytes: UnsafeRawBufferPointer) -> String {
        ByteEscaping.escape(bytes)
    }

    /// The beginning of client bytes, for an entry.
    static func excerpt(_ bytes: UnsafeRawBufferPointer) -> String {
        let shown = 400
        let text = ByteEscaping.quoted(bytes.prefix(shown))
        return bytes.count > shown ? text + " ..." : text
    }
}
