// SPDX-License-Identifier: Apache-2.0

/// The names that `CHANNELS` lists, sorted by their bytes, as they are told.
///
/// It stands in blocks, of which a new name changes one: what a change costs, and telling the list
/// anew, does not grow with the list. Invariants: no block is empty, and every name of a block
/// precedes those of the next.
struct ChannelsNameList: Sendable {
    private var blocks: [ChannelsNameBlock] = []
    /// How often it has changed: what was told of it holds while this is the same.
    private(set) var changes = 0
    /// Bytes of all blocks that have changed, since the beginning: what is told before and after
    /// differs by no more.
    private(set) var rewritten = 0

    /// Every name, once.
    var names: [[UInt8]] { blocks.flatMap(\.names) }

    /// The blocks' texts, of which the first begins with a separator.
    var texts: [[UInt8]] { blocks.map(\.text) }

    /// Adds a name; one that is there is listed once all the same.
    mutating func insert(_ name: [UInt8]) {
        if blocks.isEmpty { blocks.append(ChannelsNameBlock([])) }
        let place = place(of: name)
        let size = blocks[place].text.count
        guard blocks[place].insert(name) else { return }
        changes += 1
        rewritten += size
        if blocks[place].isTooLong { blocks.insert(blocks[place].split(), at: place + 1) }
    }

    /// The last block whose first name does not come behind this one; the first where there is none.
    private func place(of name: [UInt8]) -> Int {
        var (low, high) = (1, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            let isBehind = name.precedes(blocks[middle].names[0])
            if isBehind { high = middle } else { low = middle + 1 }
        }
        return low - 1
    }

    /// Removes every name that ends with a host: its channels.
    mutating func remove(host: [UInt8]) {
        var kept: [ChannelsNameBlock] = []
        for var block in blocks {
            let size = block.text.count
            if block.remove(where: { ChannelsNameList.hasHost($0, host) }) { rewritten += size }
            if block.isEmpty { continue }
            let before = kept.last?.text.count ?? 0
            if !kept.isEmpty, kept[kept.count - 1].join(block) {
                rewritten += before + block.text.count
            } else {
                kept.append(block)
            }
        }
        blocks = kept
        changes += 1
    }

    private static func hasHost(_ name: [UInt8], _ host: [UInt8]) -> Bool {
        guard name.count > host.count,
            let mark = name.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return name[(mark + 1)...].elementsEqual(host)
    }
}
