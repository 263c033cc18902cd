// SPDX-License-Identifier: Apache-2.0

/// Takes in the messages of one connection, while all talk.
///
/// What a server says to those who part is its own affair, but for texts and news of others.
struct StressEars<Dialect: StressDialect> {
    var scanner: MessageScanner
    let dialect: Dialect
    let client: Int
    let isCallback: Bool
    let isParting: Bool
    /// Whether an answer to the client's probe is to be looked for.
    var awaitsProbe: Bool
    private(set) var hasHeardProbe = false
    /// How many texts there were.
    private(set) var texts = 0

    init(
        scanner: MessageScanner, dialect: Dialect, client: Int, isCallback: Bool, isParting: Bool,
        awaitsProbe: Bool
    ) {
        self.scanner = scanner
        self.dialect = dialect
        self.client = client
        self.isCallback = isCallback
        self.isParting = isParting
        self.awaitsProbe = awaitsProbe
    }

    /// Has every message judged that is whole; returns where the first begins that is not.
    mutating func hear(
        _ bytes: UnsafeRawBufferPointer, from start: Int, _ talk: inout StressTalk, _ now: Int64
    ) -> Int {
        var start = start
        while start < bytes.count {
            if scanner.isFresh, let end = talk.recognize(bytes, from: start, at: client, now) {
                start = end
                texts += 1
                continue
            }
            guard let found = scanner.next(in: bytes, from: start) else { break }
            talk.lastArrival = now
            hear(
                UnsafeRawBufferPointer(rebasing: bytes[found.content]),
                in: UnsafeRawBufferPointer(rebasing: bytes[start..<found.end]), &talk, now)
            start = found.end
        }
        return start
    }

    /// `whole` is the message with what ends it.
    private mutating func hear(
        _ message: UnsafeRawBufferPointer, in whole: UnsafeRawBufferPointer,
        _ talk: inout StressTalk, _ now: Int64
    ) {
        switch dialect.read(message) {
        case .said(let name, let said):
            guard isCallback == dialect.hasCallback else { return unasked(message, &talk) }
            texts += 1
            talk.heard(said, by: name, in: whole, at: client, now)
        case .confirmed:
            if isCallback || !talk.confirmed(client, now) { unasked(message, &talk) }
        case .refused: if !isParting { talk.refused(message, client, now) }
        case .answered: answered(message, &talk, now)
        case .news(let event, let name):
            talk.heard(event, of: name, in: message, at: client, isParting: isParting)
        case .aside: break
        case .unknown: unasked(message, &talk)
        }
    }

    private mutating func answered(
        _ message: UnsafeRawBufferPointer, _ talk: inout StressTalk, _ now: Int64
    ) {
        guard awaitsProbe else { return dialect.mayInform ? () : unasked(message, &talk) }
        (awaitsProbe, hasHeardProbe) = (false, true)
        talk.lastProgress = now
    }

    private func unasked(_ message: UnsafeRawBufferPointer, _ talk: inout StressTalk) {
        if !isParting { talk.unasked(message, client) }
    }
}
