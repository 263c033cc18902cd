// SPDX-License-Identifier: Apache-2.0

/// What to do with an object that has a key twice.
package enum JSONDuplicateKeys: Sendable {
    /// All members stay in the tree; access by key gives the last one.
    case lastCounts
    case refuse
}

/// How much of what has been read is kept.
package enum JSONKeeping: Equatable, Sendable {
    case everything
    /// Of an object the members with these keys, the last one of each; their values without what
    /// arrays and objects hold. An array by itself is kept without its elements.
    ///
    /// All is checked as strictly as ever, but a value of a mebibyte does not become a tree of fifty.
    case members([[UInt8]])
}

/// Tokens to values, with a stack of its own instead of recursion.
///
/// Invariant: `take` is only given tokens that `expectation` accepts.
struct JSONTreeBuilder {
    fileprivate struct Container {
        let unit: JSONUnit
        let start: JSONPosition
        var keeping = JSONKeeping.everything
        var elements: [JSONNode] = []
        var members: [JSONMember] = []
        var key: [UInt8] = []
        var keyPosition = JSONPosition()
        /// Filled only where duplicate keys are refused.
        var keys: [[UInt8]: JSONPosition] = [:]
    }

    let maximumDepth: Int
    let duplicateKeys: JSONDuplicateKeys
    let keeping: JSONKeeping
    private(set) var expectation = JSONExpectation.value
    fileprivate var open: [Container] = []

    init(maximumDepth: Int, duplicateKeys: JSONDuplicateKeys, keeping: JSONKeeping) {
        self.maximumDepth = maximumDepth
        self.duplicateKeys = duplicateKeys
        self.keeping = keeping
    }

    /// The innermost open array or object, and where it begins.
    var innermost: (unit: JSONUnit, start: JSONPosition)? {
        open.last.map { ($0.unit, $0.start) }
    }

    /// Takes the next token, which began at `start`; the value that it completes, if it does.
    mutating func take(_ token: JSONToken, at start: JSONPosition) throws(JSONError) -> JSONNode? {
        switch token {
        case .openArray:
            try push(Container(unit: .array, start: start))
            expectation = .elementOrEnd
        case .openObject:
            try push(Container(unit: .object, start: start))
            expectation = .keyOrEnd
        case .closeArray, .closeObject:
            return close()
        case .colon:
            expectation = .memberValue
        case .comma:
            expectation = open.last?.unit == .object ? .keyAfterComma : .elementAfterComma
        case .string(let bytes):
            guard expectation == .keyOrEnd || expectation == .keyAfterComma else {
                return add(JSONNode(.string(bytes), at: start))
            }
            try begin(key: bytes, at: start)
        case .number(let text):
            return add(JSONNode(.number(JSONNumber(text: text)), at: start))
        case .literal(let literal):
            return add(JSONNode(literal.value, at: start))
        }
        return nil
    }

    private mutating func push(_ container: Container) throws(JSONError) {
        guard open.count < maximumDepth else {
            throw JSONError(position: container.start, reason: .tooDeep(limit: maximumDepth))
        }
        var container = container
        container.keeping = keepingInside(container.unit)
        open.append(container)
    }

    private func keepingInside(_ unit: JSONUnit) -> JSONKeeping {
        if case .members = keeping, !open.isEmpty || unit != .object { return .members([]) }
        return keeping
    }

    private mutating func begin(key: [UInt8], at start: JSONPosition) throws(JSONError) {
        expectation = .colon
        let top = open.count - 1
        open[top].key = key
        open[top].keyPosition = start
        guard case .refuse = duplicateKeys else { return }
        if let first = open[top].keys.updateValue(start, forKey: key) {
            throw JSONError(position: start, reason: .duplicateKey(key, first: first))
        }
    }

    private mutating func close() -> JSONNode? {
        guard let container = open.popLast() else { return nil }
        let value: JSONValue =
            container.unit == .object ? .object(container.members) : .array(container.elements)
        return add(JSONNode(value, at: container.start))
    }

    /// Puts a whole value where it belongs; gives it back where nothing is open around it.
    private mutating func add(_ node: JSONNode) -> JSONNode? {
        let top = open.count - 1
        guard top >= 0 else {
            expectation = .value
            return node
        }
        guard open[top].unit == .object else {
            if case .everything = open[top].keeping { open[top].elements.append(node) }
            expectation = .commaOrArrayEnd
            return nil
        }
        expectation = .commaOrObjectEnd
        open[top].add(node)
        return nil
    }
}

extension JSONTreeBuilder.Container {
    /// Adds the value of the key that was read last, if it is to be kept.
    fileprivate mutating func add(_ node: JSONNode) {
        if case .members(let keys) = keeping {
            guard keys.contains(key) else { return }
            members.removeAll { $0.key == key }
        }
        members.append(JSONMember(key: key, keyPosition: keyPosition, node: node))
    }
}

extension JSONLiteral {
    fileprivate var value: JSONValue {
        switch self {
        case .null: .null
        case .true: .bool(true)
        case .false: .bool(false)
        }
    }
}
