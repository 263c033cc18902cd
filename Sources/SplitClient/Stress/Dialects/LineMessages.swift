// SPDX-License-Identifier: Apache-2.0

/// Lines of words, for the dialects of the line protocols.
enum LineMessages {
    /// A request of one line.
    static func request(_ words: [[UInt8]]) -> EntranceRequest {
        let line = Array(words.joined(separator: [0x20]))
        return EntranceRequest(bytes: line + [0x0A], contentLength: line.count)
    }

    /// Appends `prefix`, the text and a line feed; the length of the content.
    static func write(
        _ prefix: [[UInt8]], _ text: (inout [UInt8]) -> Void, into out: inout [UInt8]
    ) -> Int {
        let start = out.count
        for part in prefix { out.append(contentsOf: part) }
        text(&out)
        let length = out.count - start
        out.append(0x0A)
        return length
    }

    /// The word at `start`, and what is behind the space after it; `nil` without a space.
    static func split(
        _ bytes: UnsafeRawBufferPointer, from start: Int
    ) -> (word: UnsafeRawBufferPointer, rest: UnsafeRawBufferPointer)? {
        guard let space = ByteScanning.firstIndex(of: 0x20, in: bytes, from: start) else {
            return nil
        }
        return (
            UnsafeRawBufferPointer(rebasing: bytes[start..<space]),
            UnsafeRawBufferPointer(rebasing: bytes[(space + 1)...])
        )
    }
}
