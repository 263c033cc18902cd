// SPDX-License-Identifier: Apache-2.0

/// A user as those of one server see it.
struct ChannelsUser: Hashable, Sendable {
    let name: [UInt8]
    /// Whose user; empty for this server's.
    var host: [UInt8] = []

    /// `bob`, or `bob@host`.
    var shown: [UInt8] { host.isEmpty ? name : name + [UInt8(ascii: "@")] + host }
}

/// What users and channels may be called; names are bytes.
enum ChannelsNames {
    /// A user may be called so: `@` and `:` stand before hosts.
    static func isUser(_ name: [UInt8]) -> Bool {
        isName(name) && !name.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ":") }
    }

    /// A channel may be called so: a comma would break lists, too.
    static func isChannel(_ name: [UInt8]) -> Bool {
        isUser(name) && !name.contains(UInt8(ascii: ","))
    }

    private static func isName(_ name: [UInt8]) -> Bool {
        (1...Limits.channelsName).contains(name.count) && ChannelsLine.isLineText(name)
    }
}

/// The names that `CHANNELS` lists, sorted by their bytes.
struct ChannelsNameList: Sendable {
    private(set) var names: [[UInt8]] = []

    /// Adds a name; one that is there stays as it is.
    mutating func insert(_ name: [UInt8]) {
        let place = place(of: name)
        guard place == names.count || names[place] != name else { return }
        names.insert(name, at: place)
    }

    /// Adds many names at once.
    mutating func insert(contentsOf others: [[UInt8]]) {
        var all = names + others
        all.sort { $0.lexicographicallyPrecedes($1) }
        names = []
        names.reserveCapacity(all.count)
        for name in all where names.last != name { names.append(name) }
    }

    mutating func remove(where isGone: ([UInt8]) -> Bool) {
        names.removeAll(where: isGone)
    }

    /// Writes the names with `, ` between them.
    func append(to output: inout [UInt8]) {
        for (index, name) in names.enumerated() {
            if index > 0 { output.append(", ") }
            output += name
        }
    }

    private func place(of name: [UInt8]) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle].lexicographicallyPrecedes(name) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
