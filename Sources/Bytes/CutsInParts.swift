// SPDX-License-Identifier: Apache-2.0

/// The ways to cut a message into so many parts, numbered.
///
/// A way is a set of offsets inside the message, and the ways are in the order of their first
/// offsets, then of their second ones, and so on. Of 200 bytes in three there are 19,701.
struct CutsInParts {
    private let parts: Int
    private let length: Int

    init(count: Int, length: Int) {
        parts = count
        self.length = length
    }

    /// The cuts of a message that begins at so many bytes of its connection.
    ///
    /// Messages of one length that follow each other are cut one way after the other, from the
    /// first again after the last. One of fewer bytes than parts is cut into its bytes.
    func cuts(at streamOffset: Int) -> [Int] {
        guard parts < length else { return Array(stride(from: 1, to: length, by: 1)) }
        let ways = Self.ways(toChoose: parts - 1, of: length - 1)
        return cuts(number: streamOffset / length % ways)
    }

    /// Finds each offset as the one below which fewer ways begin than the number that is left.
    private func cuts(number: Int) -> [Int] {
        var left = number
        var cuts: [Int] = []
        var offset = 1
        while cuts.count < parts - 1 {
            let ways = Self.ways(toChoose: parts - 2 - cuts.count, of: length - 1 - offset)
            if left < ways {
                cuts.append(offset)
            } else {
                left -= ways
            }
            offset += 1
        }
        return cuts
    }

    /// The number of sets of `count` among `total`, bounded: nobody counts further.
    private static func ways(toChoose count: Int, of total: Int) -> Int {
        guard count <= total else { return 0 }
        var ways = 1
        for step in stride(from: 1, through: count, by: 1) {
            let (product, isTooMuch) = ways.multipliedReportingOverflow(by: total - count + step)
            if isTooMuch { return .max }
            ways = product / step
        }
        return ways
    }
}
