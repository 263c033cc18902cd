// SPDX-License-Identifier: Apache-2.0

/// What a machine remembers of each connection, found by its slot.
struct ConnectionTable<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let generation: UInt32
        var value: Value
    }

    private var entries: [Entry?] = []

    /// The value of a connection; `nil` for one that was never connected, is closed, or whose slot
    /// belongs to another by now.
    subscript(id: ConnectionID) -> Value? {
        get {
            let slot = Int(id.slot)
            guard slot < entries.count, let entry = entries[slot] else { return nil }
            return entry.generation == id.generation ? entry.value : nil
        }
        set {
            let slot = Int(id.slot)
            while entries.count <= slot { entries.append(nil) }
            entries[slot] = newValue.map { Entry(generation: id.generation, value: $0) }
        }
    }

    /// Looks at a value where it lies; `nil` for a connection that is unknown.
    func read<Result>(_ id: ConnectionID, _ look: (borrowing Value) -> Result) -> Result? {
        let slot = Int(id.slot)
        guard slot < entries.count, let entry = entries[slot] else { return nil }
        return entry.generation == id.generation ? look(entry.value) : nil
    }

    /// Changes a value in its place, and does nothing for a connection that is unknown.
    mutating func update(_ id: ConnectionID, _ change: (inout Value) -> Void) {
        let slot = Int(id.slot)
        guard slot < entries.count, entries[slot]?.generation == id.generation else { return }
        guard var entry = entries[slot] else { return }
        entries[slot] = nil
        change(&entry.value)
        entries[slot] = entry
    }

    /// Everyone in the table.
    var connections: MemberList {
        var list = MemberList()
        for (slot, entry) in entries.enumerated() {
            guard let entry, let slot = UInt32(exactly: slot) else { continue }
            list.insert(ConnectionID(slot: slot, generation: entry.generation))
        }
        return list
    }
}
