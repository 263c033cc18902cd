// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// The log on standard error: one line an entry, client text escaped.
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

    /// Writes an entry, unless its level is above the log's; the text is not made then.
    func write(_ level: Level, _ text: @autoclosure () -> String) {
        guard level.rawValue <= self.level.rawValue else { return }
        Output.writeError("refserver: \(level.name): \(text())\n")
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
