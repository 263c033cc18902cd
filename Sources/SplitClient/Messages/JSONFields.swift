// SPDX-License-Identifier: Apache-2.0

/// The three fields of a response that say what it is, found without building a tree.
///
/// Made for the hot path: `JSONReader` of `JSONText` reads everything and keeps it. The last of
/// two equal keys counts. A key that is written with escapes is not found.
struct JSONFields {
    /// The bytes between the quotes of a value that is a string, escapes as they are.
    private(set) var response: Range<Int>?
    private(set) var sender: Range<Int>?
    private(set) var content: Range<Int>?

    /// `nil` for what is no object.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var reader = FlatReader(bytes: bytes)
        guard reader.take(UInt8(ascii: "{")) else { return nil }
        if reader.take(UInt8(ascii: "}")) { return }
        repeat {
            guard let key = reader.string(), reader.take(UInt8(ascii: ":")),
                let value = reader.value()
            else { return nil }
            keep(value, for: UnsafeRawBufferPointer(rebasing: bytes[key]))
        } while reader.take(UInt8(ascii: ","))
        guard reader.take(UInt8(ascii: "}")) else { return nil }
    }

    private mutating func keep(_ value: FlatReader.Value, for key: UnsafeRawBufferPointer) {
        let string: Range<Int>? = if case .string(let range) = value { range } else { nil }
        if ByteScanning.areEqual(key, "response") {
            response = string
        } else if ByteScanning.areEqual(key, "sender") {
            sender = string
        } else if ByteScanning.areEqual(key, "content") {
            content = string
        }
    }
}

/// Walks along the members of one object, whatever their values hold.
private struct FlatReader {
    enum Value {
        case string(Range<Int>)
        case other
    }

    let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    /// What stands between the quotes.
    mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = offset
        while true {
            offset = ByteScanning.endOfPlain(in: bytes, from: offset)
            guard offset < bytes.count else { return nil }
            if bytes[offset] == UInt8(ascii: "\"") { break }
            offset = min(offset + 2, bytes.count)
        }
        offset += 1
        return start..<offset - 1
    }

    mutating func value() -> Value? {
        skipSpace()
        guard offset < bytes.count else { return nil }
        if bytes[offset] == UInt8(ascii: "\"") { return string().map { .string($0) } }
        var depth = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return nil }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ","): if depth == 0 { return .other }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return .other }
                depth -= 1
            default: break
            }
            offset += 1
        }
        return nil
    }

    private mutating func skipSpace() {
        while offset < bytes.count, JSONSpace.contains(bytes[offset]) { offset += 1 }
    }
}

/// White space between the tokens of JSON.
enum JSONSpace {
    static func contains(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
