// SPDX-License-Identifier: Apache-2.0

/// The lines of each connection, cut rightly; half a line waits for the rest.
struct LineCutter: Sendable {
    private var partial: [ConnectionID: [UInt8]] = [:]

    /// The lines that the bytes complete, without their `\n`.
    mutating func lines(_ bytes: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        var lines = ((partial[connection] ?? []) + bytes)
            .split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        partial[connection] = lines.popLast()
        return lines
    }

    func isInLine(_ connection: ConnectionID) -> Bool { partial[connection]?.isEmpty == false }

    mutating func forget(_ event: ServerEvent) {
        if case .closed(let connection) = event { partial[connection] = nil }
    }
}
