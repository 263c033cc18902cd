// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText
import Specs

/// How reports write what JSON has no type for.
extension JSONObjectWriter {
    /// Bytes from a wire or a server: `{"text": …}` where they can be read, else `{"base64": …}`.
    mutating func bytes(_ key: String, _ bytes: [UInt8]) {
        object(key) { $0.content(bytes) }
    }

    /// The one member of an object that stands for bytes.
    mutating func content(_ bytes: [UInt8]) {
        if ByteEscaping.isPrintableText(bytes) {
            member("text", String(decoding: bytes, as: UTF8.self))
        } else {
            member("base64", Base64.encode(bytes))
        }
    }

    /// A member that is absent where there is nothing to say.
    mutating func optional(_ key: String, _ value: (some JSONWritable)?) {
        if let value { member(key, value) }
    }

    /// A list of texts that is absent where it is empty.
    mutating func optional(_ key: String, _ list: [String]) {
        if !list.isEmpty { member(key, list) }
    }

    /// Names with their texts, in the order of the names.
    mutating func strings(_ key: String, _ texts: [String: String]) {
        object(key) { object in
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) { object.member(name, text) }
        }
    }

    /// A duration in nanoseconds, as milliseconds with at most three decimals.
    mutating func milliseconds(_ key: String, _ nanoseconds: Int64) {
        let microseconds = nanoseconds / 1000
        if microseconds.isMultiple(of: 1000) {
            member(key, Int(microseconds / 1000))
        } else {
            member(key, Double(microseconds) / 1000)
        }
    }

    mutating func position(_ position: SourcePosition) {
        object("position") {
            $0.member("file", position.file)
            $0.member("line", position.line)
            $0.member("column", position.column)
        }
    }
}
