// SPDX-License-Identifier: Apache-2.0

/// One message as it goes out, and where its content ends.
package struct MessageToCut: Equatable, Sendable {
    /// The whole message, with its padding or delimiter.
    package var bytes: [UInt8]
    /// How many of the bytes come before the padding or the delimiter.
    package var contentLength: Int

    package init(bytes: [UInt8], contentLength: Int? = nil) {
        self.bytes = bytes
        self.contentLength = min(max(contentLength ?? bytes.count, 0), bytes.count)
    }
}

extension CutPlan {
    /// The offsets at which segments end, in the joined bytes of `messages`.
    ///
    /// Sorted, each once, all strictly inside the bytes: n cuts make n + 1 segments, and bytes
    /// without a cut are one segment. An offset that a message is too short for cuts nothing.
    /// `streamOffset` is how many bytes the connection has sent before; `random` and `parts` depend
    /// on nothing else that the connection has seen, so the same run is cut the same way again.
    package func cuts(of messages: [MessageToCut], streamOffset: Int = 0) -> [Int] {
        let run = RunOfMessages(messages)
        let offsets: [Int] =
            switch self {
            case .whole: []
            case .bytes, .every, .random:
                EarlyCuts(of: self, streamOffset: streamOffset)?.cuts(inside: run.length) ?? []
            case .at(let offsets): run.cuts(at: offsets)
            case .straddle(let depth): run.straddlingCuts(depth: depth)
            case .coalesce(let count): run.bordersAfterEach(count)
            case .parts(let count): run.cuts(intoParts: count, streamOffset: streamOffset)
            case .utf8: run.cutsInMessages(CutsByContent.insideCharacters)
            case .escape: run.cutsInMessages(CutsByContent.insideEscapes)
            case .tokens: run.cutsInMessages(CutsByContent.insideTokens)
            case .delimiter: run.cutsAroundEdges()
            }
        return Set(offsets).filter { $0 > 0 && $0 < run.length }.sorted()
    }

    /// The segments that the plan makes of the joined bytes of `messages`.
    ///
    /// Joined again they are the bytes of the messages. No bytes make no segment.
    package func segments(
        of messages: [MessageToCut],
        streamOffset: Int = 0
    ) -> [ArraySlice<UInt8>] {
        let bytes = messages.flatMap(\.bytes)
        guard !bytes.isEmpty else { return [] }
        var segments: [ArraySlice<UInt8>] = []
        var start = 0
        for end in cuts(of: messages, streamOffset: streamOffset) + [bytes.count] {
            segments.append(bytes[start..<end])
            start = end
        }
        return segments
    }
}

/// Messages one after the other, with the offset of each.
private struct RunOfMessages {
    let messages: [(start: Int, message: MessageToCut)]
    let length: Int

    init(_ messages: [MessageToCut]) {
        var start = 0
        var placed: [(start: Int, message: MessageToCut)] = []
        for message in messages {
            placed.append((start, message))
            start += message.bytes.count
        }
        self.messages = placed
        length = start
    }

    func cuts(at offsets: [Int]) -> [Int] {
        messages.flatMap { start, message in
            offsets.compactMap { offset in
                Self.inside(message.bytes.count, offset).map { start + $0 }
            }
        }
    }

    func straddlingCuts(depth: Int?) -> [Int] {
        guard messages.count > 1 else { return [] }
        let (start, next) = messages[1]
        let inside = Self.inside(next.bytes.count, depth ?? max(1, next.bytes.count / 2))
        return inside.map { [start + $0] } ?? []
    }

    func bordersAfterEach(_ count: Int) -> [Int] {
        let firsts = stride(from: count, to: messages.count, by: max(1, count))
        return firsts.map { messages[$0].start }
    }

    func cuts(intoParts count: Int, streamOffset: Int) -> [Int] {
        messages.flatMap { start, message in
            CutsInParts(count: count, length: message.bytes.count)
                .cuts(at: streamOffset + start)
                .map { start + $0 }
        }
    }

    func cutsInMessages(_ cuts: ([UInt8]) -> [Int]) -> [Int] {
        messages.flatMap { start, message in cuts(message.bytes).map { start + $0 } }
    }

    func cutsAroundEdges() -> [Int] {
        messages.flatMap { start, message in
            let edges = [0, message.contentLength, message.bytes.count]
            return edges.flatMap { [start + $0 - 1, start + $0 + 1] }
        }
    }

    /// The offset counted from the start, where it is strictly inside a message.
    private static func inside(_ length: Int, _ offset: Int) -> Int? {
        let fromStart = offset < 0 ? length + offset : offset
        return fromStart > 0 && fromStart < length ? fromStart : nil
    }
}
