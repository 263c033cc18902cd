// SPDX-License-Identifier: Apache-2.0

/// How replies are written: at the end of a byte array that is reused.
extension [UInt8] {
    mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }
}

extension Span<UInt8> {
    /// A copy to keep; the span itself is only valid during the event.
    var bytes: [UInt8] { withUnsafeBufferPointer { [UInt8]($0) } }

    func isEqual(to other: [UInt8]) -> Bool {
        withUnsafeBytes { mine in other.withUnsafeBytes { mine.isEqual(to: $0) } }
    }

    func isEqual(to text: StaticString) -> Bool {
        withUnsafeBufferPointer { mine in
            text.withUTF8Buffer { mine.elementsEqual($0) }
        }
    }
}

extension [UInt8] {
    /// Whether it stands before the other in the order of bytes; names have long beginnings in common.
    func precedes(_ other: [UInt8]) -> Bool {
        withUnsafeBytes { mine in other.withUnsafeBytes { mine.precedes($0) } }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether it stands before the other in the order of bytes; eight are looked at at once.
    fileprivate func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        let common = Swift.min(count, other.count)
        var place = 0
        while place + 8 <= common {
            let mine = loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let others = other.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            guard mine == others else { return mine.bigEndian < others.bigEndian }
            place += 8
        }
        while place < common {
            guard self[place] == other[place] else { return self[place] < other[place] }
            place += 1
        }
        return count < other.count
    }

    /// Whether both hold the same bytes; eight are looked at at once.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var place = 0
        while place + 8 <= count {
            let mine = loadUnaligned(fromByteOffset: place, as: UInt64.self)
            guard mine == other.loadUnaligned(fromByteOffset: place, as: UInt64.self) else {
                return false
            }
            place += 8
        }
        while place < count {
            guard self[place] == other[place] else { return false }
            place += 1
        }
        return true
    }
}

extension StaticString {
    var bytes: [UInt8] { withUTF8Buffer { [UInt8]($0) } }
}
