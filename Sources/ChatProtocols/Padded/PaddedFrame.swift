// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How the server's frames are written: each at the end of `payloads`, 200 bytes wide.
enum PaddedFrame {
    /// Writes a text of the page, with `name` wherever it names something.
    static func append(_ text: PaddedText, _ name: Span<UInt8>, to payloads: inout [UInt8]) {
        let start = payloads.count
        for (index, part) in text.parts.enumerated() {
            if index > 0 { payloads.append(name) }
            payloads.append(part)
        }
        fit(&payloads, from: start)
    }

    /// Writes `[name] text`.
    static func append(
        saidBy name: Span<UInt8>,
        _ text: Span<UInt8>,
        to payloads: inout [UInt8]
    ) {
        let start = payloads.count
        payloads.append("[")
        payloads.append(name)
        payloads.append("] ")
        payloads.append(text)
        fit(&payloads, from: start)
    }

    /// Writes the names with a newline between them, in as many frames as they need.
    ///
    /// Frames are cut between names, where the newline is left out; no name is longer than a
    /// frame, since it came in one. No names make no frame.
    static func append(list names: [[UInt8]], to payloads: inout [UInt8]) {
        var start = payloads.count
        for name in names {
            let length = payloads.count - start
            if length > 0, length + 1 + name.count > PaddedFramer.width {
                fit(&payloads, from: start)
                start = payloads.count
            } else if length > 0 {
                payloads.append("\n")
            }
            payloads.append(contentsOf: name)
        }
        if payloads.count > start { fit(&payloads, from: start) }
    }

    /// Makes what stands behind `start` exactly one frame: cut at the last whole character that
    /// fits, then padded with spaces.
    private static func fit(_ payloads: inout [UInt8], from start: Int) {
        let width = PaddedFramer.width
        if payloads.count - start > width {
            let kept = UTF8Edges.prefix(of: payloads[start...], fitting: width)
            let end = kept.endIndex
            payloads.removeSubrange(end...)
        }
        let missing = width - (payloads.count - start)
        payloads.append(contentsOf: repeatElement(UInt8(ascii: " "), count: missing))
    }
}
