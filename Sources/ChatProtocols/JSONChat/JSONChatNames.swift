// SPDX-License-Identifier: Apache-2.0

/// What names may be.
enum JSONChatNames {
    /// What is wrong with the name of a user: "The only accepted characters are the letters A-Z,
    /// a-z and numbers 0-9" (the source); `nil` where nothing is.
    static func problem(_ name: [UInt8]) -> JSONChatText? {
        if name.isEmpty { return .nameEmpty }
        if !name.allSatisfy(isLetterOrDigit) { return .nameIllegal }
        return name.count > Limits.jsonName ? .nameTooLong : nil
    }

    /// Whether a room may be called so: names stand in a list between ", ".
    static func isRoomName(_ name: [UInt8]) -> Bool {
        (1...Limits.jsonName).contains(name.count)
            && name.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// The names as the content of an `info`.
    static func list(_ names: [[UInt8]]) -> [UInt8] {
        Array(names.joined(separator: [UInt8(ascii: ","), UInt8(ascii: " ")]))
    }
}
