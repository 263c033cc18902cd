// SPDX-License-Identifier: Apache-2.0

/// Who is logged in, in the order of login; names are compared as bytes.
struct HelloUsers {
    /// How many users there may be at once.
    let capacity: Int

    private(set) var names: [[UInt8]] = []
    private var connections: [[UInt8]: ConnectionID] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isFull: Bool { names.count >= capacity }

    func connection(of name: [UInt8]) -> ConnectionID? { connections[name] }

    /// Adds a user whose name is free.
    mutating func insert(_ name: [UInt8], _ connection: ConnectionID) {
        names.append(name)
        connections[name] = connection
    }

    /// Removes a user; a name that nobody has changes nothing.
    mutating func remove(_ name: [UInt8]) {
        guard connections.removeValue(forKey: name) != nil else { return }
        names.removeAll { $0 == name }
    }
}
