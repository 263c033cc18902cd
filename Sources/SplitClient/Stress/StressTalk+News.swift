// SPDX-License-Identifier: Apache-2.0

/// What came that was not due, and news of who comes and leaves.
extension StressTalk {
    /// Something has come for a client that was not due.
    mutating func unasked(_ message: UnsafeRawBufferPointer, _ client: Int) {
        findings.add(Self.unasked(message, client))
    }

    private static func unasked(
        _ message: UnsafeRawBufferPointer, _ client: Int
    ) -> StressFinding {
        let length = ByteScanning.count(of: message, withoutLast: 0x20)
        return StressFinding(
            kind: .unasked, sender: client, came: Array(message.prefix(min(length, 200))))
    }

    /// The message told a client that somebody has come or left: judges whether that could be.
    mutating func heard(
        _ event: PresenceNews.Event, of name: UnsafeRawBufferPointer,
        in message: UnsafeRawBufferPointer, at receiver: Int, isParting: Bool
    ) {
        guard let client = names.number(of: name) else { return }
        switch news.tell(event, of: client, at: receiver, isParting: isParting) {
        case .due: break
        case .unasked: unasked(message, receiver)
        case .early: early.add(Self.unasked(message, receiver))
        }
    }

    /// No connection has ended before all part: nobody had left who was said to.
    mutating func judgeEarlyNews() {
        findings.add(early)
        early = StressFindings()
    }
}
