// SPDX-License-Identifier: Apache-2.0

/// Some of the names that `CHANNELS` lists, sorted by their bytes, and as they stand in the list.
///
/// Others may still hold the text that was told before a change; it is copied then, by the array.
struct ChannelsNameBlock: Sendable {
    private(set) var names: [[UInt8]] = []
    /// Each name with `, ` before it.
    private(set) var text: [UInt8] = []

    var isEmpty: Bool { names.isEmpty }

    /// Whether it is to be split.
    var isTooLong: Bool {
        text.count > Limits.channelsListBlock || names.count > Limits.channelsListBlockNames
    }

    init(_ names: some Sequence<[UInt8]>) {
        for name in names { append(name) }
    }

    private mutating func append(_ name: [UInt8]) {
        names.append(name)
        text.append(", ")
        text += name
    }

    /// Sorts a name in; `false` where it is there.
    mutating func insert(_ name: [UInt8]) -> Bool {
        let place = place(of: name)
        if place == names.count {
            append(name)
            return true
        }
        guard names[place] != name else { return false }
        text.insert(contentsOf: ", ".bytes + name, at: offset(of: place))
        names.insert(name, at: place)
        return true
    }

    /// Where the name at this place begins in the text, with its separator.
    ///
    /// A loop of indices: every name that a peer tells comes here, and a slice retains each name.
    private func offset(of place: Int) -> Int {
        var offset = 0
        for before in 0..<place { offset += names[before].count + 2 }
        return offset
    }

    /// Where the first name stands that does not precede this one.
    private func place(of name: [UInt8]) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle].precedes(name) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Keeps the first half, and gives the second.
    mutating func split() -> ChannelsNameBlock {
        let middle = names.count / 2
        let second = ChannelsNameBlock(names[middle...])
        self = ChannelsNameBlock(names[..<middle])
        return second
    }

    /// Removes names; `false` where there is none such.
    mutating func remove(where isGone: ([UInt8]) -> Bool) -> Bool {
        let kept = names.filter { !isGone($0) }
        guard kept.count < names.count else { return false }
        self = ChannelsNameBlock(kept)
        return true
    }

    /// Takes in all of the one behind it, if both are short; `false` where they are not.
    mutating func join(_ next: ChannelsNameBlock) -> Bool {
        guard text.count + next.text.count <= Limits.channelsListBlock / 2 else { return false }
        names += next.names
        text += next.text
        return true
    }
}
