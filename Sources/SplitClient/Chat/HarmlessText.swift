// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a server sends, as lines that a terminal can be given.
///
/// Printable UTF-8 and tabs stay as they are, backslashes too: people read this, nothing reads it
/// back. Everything that could move a cursor, turn text around or hide is written as an escape.
enum HarmlessText {
    /// The lines of a text.
    static func lines(_ text: [UInt8]) -> [String] {
        text.split(separator: 0x0A, omittingEmptySubsequences: false).map { line($0) }
    }

    static func line(_ text: some Sequence<UInt8>) -> String {
        var shown = ""
        var part: [UInt8] = []
        for byte in text {
            if byte == UInt8(ascii: "\\") || byte == 0x09 {
                shown += ByteEscaping.escape(part) + (byte == 0x09 ? "\t" : "\\")
                part = []
            } else {
                part.append(byte)
            }
        }
        return shown + ByteEscaping.escape(part)
    }
}
