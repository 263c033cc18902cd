// SPDX-License-Identifier: Apache-2.0

import JSONText

/// What a reader makes of a stream, in the order in which it says so.
struct Reading: Equatable {
    var values: [JSONNode] = []
    var positions: [JSONPosition] = []
    var ranges: [Range<Int>] = []
    var error: JSONError?

    /// Reads segments, one after the other, and the end of the stream.
    init(of segments: some Sequence<ArraySlice<UInt8>>, limits: JSONLimits = JSONLimits()) {
        var reader = JSONReader(limits: limits)
        for segment in segments {
            reader.append(segment)
            drain(&reader)
        }
        reader.finish()
        drain(&reader)
    }

    private mutating func drain(_ reader: inout JSONReader) {
        while true {
            switch reader.next() {
            case .value(let node):
                values.append(node)
                positions.append(node.position)
                ranges.append(reader.lastValueRange)
            case .needMoreBytes:
                return
            case .malformed(let error):
                self.error = error
                return
            }
        }
    }
}

extension JSONError {
    /// Place and message, for tables: `1:5 the message`.
    var short: String { "\(position.offset) \(position.line):\(position.column) \(message)" }
}
