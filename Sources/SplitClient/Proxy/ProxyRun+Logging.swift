// SPDX-License-Identifier: Apache-2.0

import Posix

/// What is written down of connections.
extension ProxyRun {
    func note(
        _ connection: ProxyConnection, _ there: ProxyDirection, _ back: ProxyDirection
    ) {
        for direction in [there, back] {
            let record = direction.takeRecord()
            if record.isEmpty { continue }
            keepingLog { log throws(FileError) in
                try log.add(record, direction.route, to: &connection.log)
            }
        }
    }

    func finishLog(of connection: ProxyConnection) {
        keepingLog { log throws(FileError) in try log.finish(connection.log) }
    }

    /// A log that cannot be written any more is told of once, and given up.
    func keepingLog(_ body: (CutLog) throws(FileError) -> Void) {
        guard let log else { return }
        do throws(FileError) {
            try body(log)
        } catch {
            complain("the log is given up: \(error)")
            self.log = nil
            hasFailed = true
        }
    }
}
