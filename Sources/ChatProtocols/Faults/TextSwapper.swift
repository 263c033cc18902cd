// SPDX-License-Identifier: Apache-2.0

/// Holds each client's third text back until its next line: texts that overtake each other.
struct TextSwapper: Sendable {
    /// How a line begins that is a text.
    private let beginning: [UInt8]
    private var counts: [ConnectionID: Int] = [:]
    private var held: [ConnectionID: [UInt8]] = [:]

    init(beginning: String) { self.beginning = Array(beginning.utf8) }

    /// The lines that are done in place of one.
    mutating func order(_ line: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        if let earlier = held.removeValue(forKey: connection) { return [line, earlier] }
        guard line.starts(with: beginning) else { return [line] }
        counts[connection, default: 0] += 1
        guard counts[connection] == 3 else { return [line] }
        held[connection] = line
        return []
    }

    mutating func forget(_ event: ServerEvent) {
        guard case .closed(let connection) = event else { return }
        counts[connection] = nil
        held[connection] = nil
    }
}
