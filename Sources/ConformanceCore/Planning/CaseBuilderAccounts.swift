// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// Names and passwords that the server under test knows.
extension CaseBuilder {
    /// `${name}` and `${password}`: the caller's, in a procedure.
    mutating func own(_ name: String, _ scope: Scope) -> [UInt8]? {
        guard let caller = scope.variables["peer"] else { return nil }
        let peer = String(decoding: caller, as: UTF8.self)
        switch name {
        case "name": return peerName(peer)
        case "password": return password(of: peer)
        default: return nil
        }
    }

    /// `${password:alice}`.
    mutating func password(_ name: String) -> [UInt8]? {
        let parts = name.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "password", peers.contains(String(parts[1])) else {
            return nil
        }
        return password(of: String(parts[1]))
    }

    /// A peer that has no account has a password that no server knows.
    private mutating func password(of peer: String) -> [UInt8]? {
        guard let template = suite.document.accounts else { return nil }
        return account(of: peer)?.password
            ?? values.draw(template.passwords, for: "password of \(peer)")
    }

    /// The text with its letters in the other case.
    mutating func otherCase(_ text: [UInt8], of declared: NamedValue) -> [UInt8] {
        let other = text.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 0x20
            default: byte
            }
        }
        if other == text, !isLearningPeers {
            lack = "'\(declared.name)' has no letter that could stand in the other case"
        }
        return other
    }
}
