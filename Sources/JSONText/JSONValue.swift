// SPDX-License-Identifier: Apache-2.0

/// A JSON value.
///
/// Strings are the UTF-8 that stood there, escapes resolved.
/// Two values are equal when the same is written in the same order; where it stood does not
/// count. Numbers are compared as they are spelled: `1` is not `1.0`.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string([UInt8])
    case array([JSONNode])
    case object([JSONMember])
}

/// A value, and where its first byte stands.
package struct JSONNode: Equatable, Sendable {
    package var value: JSONValue
    package var position: JSONPosition

    package init(_ value: JSONValue, at position: JSONPosition = JSONPosition()) {
        self.value = value
        self.position = position
    }

    package static func == (one: JSONNode, other: JSONNode) -> Bool {
        one.value == other.value
    }

    /// The member's value, as `JSONValue` has it.
    package subscript(_ key: String) -> JSONNode? { value[key] }
}

/// A key with its value, as it stands in an object.
package struct JSONMember: Equatable, Sendable {
    package var key: [UInt8]
    package var keyPosition: JSONPosition
    package var node: JSONNode

    package init(
        key: [UInt8],
        keyPosition: JSONPosition = JSONPosition(),
        node: JSONNode
    ) {
        self.key = key
        self.keyPosition = keyPosition
        self.node = node
    }

    package static func == (one: JSONMember, other: JSONMember) -> Bool {
        one.key == other.key && one.node == other.node
    }
}

extension JSONValue {
    /// The value of the member with this key; the last one counts where there are several.
    ///
    /// `nil` where there is none, and where the value is no object.
    package subscript(_ key: String) -> JSONNode? {
        members?.last { $0.key.elementsEqual(key.utf8) }?.node
    }

    /// The value of the member whose key has exactly these bytes; the last one counts.
    package subscript(bytes key: [UInt8]) -> JSONNode? {
        members?.last { $0.key == key }?.node
    }

    /// A string for people; what the wire carries is compared as `bytes`.
    package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    package var bytes: [UInt8]? {
        guard case .string(let bytes) = self else { return nil }
        return bytes
    }

    package var bool: Bool? {
        guard case .bool(let bool) = self else { return nil }
        return bool
    }

    package var number: JSONNumber? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    package var int: Int? { number?.int }

    package var elements: [JSONNode]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var members: [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// What the value is, for messages: "a string", "an array".
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool(true): "true"
        case .bool(false): "false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
