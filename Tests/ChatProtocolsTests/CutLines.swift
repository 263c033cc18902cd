// SPDX-License-Identifier: Apache-2.0

import Testing

/// What a framer of lines makes of segments: the lines, and how many were too long.
struct CutLines: Equatable {
    private(set) var lines: [[UInt8]]
    private(set) var tooLong: Int

    init(_ lines: [[UInt8]] = [], tooLong: Int = 0) {
        self.lines = lines
        self.tooLong = tooLong
    }

    /// `take` hands a segment to the framer, which notes what that completes, and says how many bytes
    /// it took.
    init(
        _ segments: [ArraySlice<UInt8>], take: (ArraySlice<UInt8>, inout CutLines) -> Int
    ) {
        self.init()
        for segment in segments {
            var rest = segment
            while !rest.isEmpty {
                let taken = take(rest, &self)
                #expect(taken > 0)
                rest = rest.dropFirst(taken)
            }
        }
    }

    mutating func note(_ line: [UInt8], isTooLong: Bool) {
        if isTooLong { tooLong += 1 } else { lines.append(line) }
    }
}

/// `bytes` in segments of `count`, the last of which may be shorter.
func segments(_ bytes: [UInt8], of count: Int) -> [ArraySlice<UInt8>] {
    stride(from: 0, to: bytes.count, by: count).map { bytes[$0..<min($0 + count, bytes.count)] }
}

/// All ways to cut `stream` in three, the parts of which may be empty.
func cutsInThree(_ stream: [UInt8]) -> [[ArraySlice<UInt8>]] {
    (0...stream.count).flatMap { first in
        (first...stream.count).map { second in
            [stream[..<first], stream[first..<second], stream[second...]]
        }
    }
}
