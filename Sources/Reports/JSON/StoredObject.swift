// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText

/// An object of a stored report, whose members are asked for by key and kind.
struct StoredObject {
    let node: JSONNode

    init(_ node: JSONNode) { self.node = node }

    var members: [JSONMember] { node.value.members ?? [] }

    func has(_ key: String) -> Bool { node[key] != nil }

    func problem(_ message: String) -> StoredReportError {
        StoredReportError(position: node.position, message: message)
    }

    /// The value of a member that must be there; `convert` gives `nil` for what is wrong.
    private func member<Value>(
        _ key: String, _ kind: String, _ convert: (JSONNode) -> Value?
    ) throws(StoredReportError) -> Value {
        guard let member = node[key] else {
            throw problem("this is no report: there is no '\(key)' here")
        }
        guard let value = convert(member) else {
            throw StoredReportError(
                position: member.position, message: "'\(key)': expected is \(kind)")
        }
        return value
    }

    func text(_ key: String) throws(StoredReportError) -> String {
        try member(key, "a text") { $0.value.text }
    }

    func optionalText(_ key: String) -> String? { node[key]?.value.text }

    func integer(_ key: String) throws(StoredReportError) -> Int {
        try member(key, "a whole number") { $0.value.int }
    }

    /// A number of bytes, steps, nanoseconds or the like: nothing that a run can have is greater.
    func count(_ key: String) throws(StoredReportError) -> Int {
        try member(key, "a whole number from 0 to 2^53") { node in
            node.value.int.flatMap { 0...(1 << 53) ~= $0 ? $0 : nil }
        }
    }

    func optionalCount(_ key: String) throws(StoredReportError) -> Int? {
        has(key) ? try count(key) : nil
    }

    func flag(_ key: String) throws(StoredReportError) -> Bool {
        try member(key, "true or false") { $0.value.bool }
    }

    func list(_ key: String) throws(StoredReportError) -> [JSONNode] {
        try member(key, "a list") { $0.value.elements }
    }

    func object(_ key: String) throws(StoredReportError) -> StoredObject {
        try member(key, "an object") { $0.value.members == nil ? nil : StoredObject($0) }
    }

    /// A seed is a text of digits, as many readers round great numbers.
    func seed(_ key: String) throws(StoredReportError) -> UInt64 {
        try member(key, "a text of digits") { $0.value.text.flatMap { UInt64($0) } }
    }

    /// Milliseconds with up to three decimals, as nanoseconds.
    func nanoseconds(_ key: String) throws(StoredReportError) -> Int64 {
        let microseconds = try member(key, "a number of milliseconds") { node in
            node.value.number?.double.map { ($0 * 1000).rounded() }
        }
        guard let whole = Int64(exactly: microseconds), whole.magnitude < 1 << 53 else {
            throw problem("'\(key)' is out of all bounds")
        }
        return whole * 1000
    }

    /// Bytes, as text or as Base64 (docs/report.md).
    func bytes(_ key: String) throws(StoredReportError) -> [UInt8] {
        try member(key, "bytes, as {\"text\": …} or {\"base64\": …}") { node in
            if let text = node["text"] { return text.value.bytes }
            return node["base64"]?.value.text.flatMap(Base64.decode)
        }
    }
}
