// SPDX-License-Identifier: Apache-2.0

/// The names that `CHANNELS` lists, sorted by their bytes.
///
/// What is added is sorted in when the list is asked for, so that a name costs the same whether there
/// are ten or a hundred thousand.
struct ChannelsNameList: Sendable {
    private var sorted: [[UInt8]] = []
    /// Names that are not sorted in yet.
    private var added: [[UInt8]] = []
    /// How often it has changed: what was written of it holds while this is the same.
    private(set) var changes = 0

    /// Every name, once.
    var names: [[UInt8]] {
        var list = self
        list.sort()
        return list.sorted
    }

    /// Adds a name; one that is there is listed once all the same.
    mutating func insert(_ name: [UInt8]) {
        added.append(name)
        changes += 1
    }

    /// Removes every name that ends with a host: its channels.
    mutating func remove(host: [UInt8]) {
        sorted.removeAll { ChannelsNameList.hasHost($0, host) }
        added.removeAll { ChannelsNameList.hasHost($0, host) }
        changes += 1
    }

    private static func hasHost(_ name: [UInt8], _ host: [UInt8]) -> Bool {
        guard name.count > host.count,
            let mark = name.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return name[(mark + 1)...].elementsEqual(host)
    }

    /// Writes the names with `, ` between them.
    mutating func append(to output: inout [UInt8]) {
        sort()
        output.reserveCapacity(sorted.reduce(output.count + 1) { $0 + $1.count + 2 })
        for (index, name) in sorted.enumerated() {
            if index > 0 { output.append(", ") }
            output += name
        }
    }

    /// Sorts in what was added.
    private mutating func sort() {
        guard !added.isEmpty else { return }
        added.sort { $0.lexicographicallyPrecedes($1) }
        var merged: [[UInt8]] = []
        merged.reserveCapacity(sorted.count + added.count)
        var place = 0
        for name in sorted {
            while place < added.count, added[place].lexicographicallyPrecedes(name) {
                ChannelsNameList.append(added[place], to: &merged)
                place += 1
            }
            ChannelsNameList.append(name, to: &merged)
        }
        for name in added[place...] { ChannelsNameList.append(name, to: &merged) }
        sorted = merged
        added = []
    }

    private static func append(_ name: [UInt8], to merged: inout [[UInt8]]) {
        if merged.last != name { merged.append(name) }
    }
}
