// SPDX-License-Identifier: Apache-2.0

/// The lines of each connection, cut out of the stream with one mistake, or with none.
struct LineMiscutter: Sendable {
    /// What is done wrongly; each has the name of the fault that it is in every protocol of lines.
    enum Mistake: String, Sendable {
        case readIsMessage = "each-read-is-a-message"
        case actsEarly = "acts-before-the-newline"
        case repeatsCutLines = "repeats-cut-lines"
        case breaksCharacters = "breaks-characters-that-are-cut"
        case firstLineOnly = "loses-coalesced-lines"
        case reversesLines = "reverses-coalesced-lines"
        case sharedBuffer = "mixes-connections"
        case fixedBuffer = "cuts-lines-at-1024-bytes"
    }

    private let mistake: Mistake?
    private var pending: [ConnectionID: [UInt8]] = [:]
    /// Connections whose line was acted on before its newline came.
    private var early: Set<ConnectionID> = []

    /// Whose half lines all are where connections are mixed.
    private static let everybody = ConnectionID(slot: .max, generation: .max)

    /// A fault that is none of the mistakes is about something else: it has lines that are right.
    init(_ fault: some FaultFamily) { mistake = Mistake(rawValue: fault.rawValue) }

    /// The lines that the bytes complete, without their `\n`.
    mutating func lines(_ bytes: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        if mistake == .readIsMessage { return [bytes.last == 0x0A ? bytes.dropLast() : bytes] }
        let owner = mistake == .sharedBuffer ? Self.everybody : connection
        let before = pending[owner] ?? []
        let bytes =
            mistake == .breaksCharacters
            ? Array(String(decoding: bytes, as: UTF8.self).utf8) : bytes
        var lines = (before + bytes).split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { Array($0) }
        pending[owner] = lines.popLast()
        return damage(lines, wasCut: !before.isEmpty, owner)
    }

    mutating func forget(_ event: ServerEvent) {
        guard case .closed(let connection) = event else { return }
        pending[connection] = nil
        early.remove(connection)
    }

    private mutating func damage(
        _ lines: [[UInt8]],
        wasCut: Bool,
        _ owner: ConnectionID
    ) -> [[UInt8]] {
        switch mistake {
        case .readIsMessage, .sharedBuffer, .breaksCharacters, nil: return lines
        case .repeatsCutLines: return wasCut ? lines.prefix(1) + lines : lines
        case .firstLineOnly: return Array(lines.prefix(1))
        case .reversesLines: return lines.reversed()
        case .fixedBuffer: return lines.map { Array($0.prefix(1024)) }
        case .actsEarly: return actEarly(lines, owner)
        }
    }

    /// Takes a line for whole as soon as a read has brought some of it; the rest counts no more.
    private mutating func actEarly(_ lines: [[UInt8]], _ owner: ConnectionID) -> [[UInt8]] {
        var all = lines
        if early.contains(owner), !all.isEmpty {
            all.removeFirst()
            early.remove(owner)
        }
        guard let rest = pending[owner], !rest.isEmpty, early.insert(owner).inserted else {
            return all
        }
        return all + [rest]
    }
}
