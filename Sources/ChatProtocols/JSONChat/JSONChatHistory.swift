// SPDX-License-Identifier: Apache-2.0

/// The newest messages of one room, oldest first, as they stand in a `history`.
///
/// They are kept as written, so that a login costs a copy and nothing more.
struct JSONChatHistory {
    struct Message: Equatable {
        /// Counts up over all rooms.
        let number: Int64
        /// A whole element: an object, or a string that holds one.
        let element: [UInt8]
    }

    /// All behind `start` count; those before it are gone.
    private var messages: [Message] = []
    private var start = 0
    private(set) var byteCount = 0

    var count: Int { messages.count - start }

    /// Whether it holds more than one room may.
    var isTooLong: Bool {
        count > Limits.jsonHistoryMessages || (count > 1 && byteCount > Limits.jsonHistoryBytes)
    }

    /// Puts a message in its place: behind all that came before it.
    mutating func insert(_ message: Message) {
        var place = messages.count
        while place > start, messages[place - 1].number > message.number { place -= 1 }
        messages.insert(message, at: place)
        byteCount += message.element.count
    }

    /// Takes out the n-th newest message, 1 being the newest; `nil` where there are fewer.
    mutating func remove(newest n: Int) -> Message? {
        guard n > 0, n <= count else { return nil }
        let message = messages.remove(at: messages.count - n)
        byteCount -= message.element.count
        return message
    }

    /// Forgets the oldest message.
    mutating func removeOldest() {
        guard start < messages.count else { return }
        byteCount -= messages[start].element.count
        messages[start] = Message(number: 0, element: [])
        start += 1
        guard start > messages.count / 2 else { return }
        messages.removeFirst(start)
        start = 0
    }

    /// Writes the elements with commas between them.
    func appendElements(to output: inout [UInt8]) {
        output.reserveCapacity(output.count + byteCount + count + 2)
        for index in start..<messages.count {
            if index > start { output.append(UInt8(ascii: ",")) }
            output.append(contentsOf: messages[index].element)
        }
    }
}
