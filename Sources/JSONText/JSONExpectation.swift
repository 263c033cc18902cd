// SPDX-License-Identifier: Apache-2.0

/// What may come next between tokens.
package enum JSONExpectation: Sendable {
    /// A value by itself.
    case value
    case elementOrEnd
    case elementAfterComma
    case commaOrArrayEnd
    case keyOrEnd
    case keyAfterComma
    case colon
    case memberValue
    case commaOrObjectEnd

    func accepts(_ kind: JSONTokenKind) -> Bool {
        switch self {
        case .value, .elementAfterComma, .memberValue: kind.beginsValue
        case .elementOrEnd: kind.beginsValue || kind == .closeArray
        case .commaOrArrayEnd: kind == .comma || kind == .closeArray
        case .keyOrEnd: kind == .string || kind == .closeObject
        case .keyAfterComma: kind == .string
        case .colon: kind == .colon
        case .commaOrObjectEnd: kind == .comma || kind == .closeObject
        }
    }

    var followsComma: Bool {
        switch self {
        case .elementAfterComma, .keyAfterComma: true
        case .value, .elementOrEnd, .commaOrArrayEnd, .keyOrEnd, .colon, .memberValue,
            .commaOrObjectEnd:
            false
        }
    }

    /// Ends the sentence "x stands where ...".
    var words: String {
        switch self {
        case .value: "a value should begin"
        case .elementOrEnd: "an element or ] should stand"
        case .elementAfterComma: "an element should follow the comma"
        case .commaOrArrayEnd: "a comma or ] should stand"
        case .keyOrEnd: "a key in double quotes or } should stand"
        case .keyAfterComma: "a key in double quotes should follow the comma"
        case .colon: "a colon should follow the key"
        case .memberValue: "a value should follow the colon"
        case .commaOrObjectEnd: "a comma or } should stand"
        }
    }
}

/// The kinds of token, which the first byte tells apart.
enum JSONTokenKind: Equatable {
    case openObject, closeObject, openArray, closeArray, colon, comma
    case string
    case number
    case literal(JSONLiteral)

    init?(firstByte: UInt8) {
        switch firstByte {
        case UInt8(ascii: "{"): self = .openObject
        case UInt8(ascii: "}"): self = .closeObject
        case UInt8(ascii: "["): self = .openArray
        case UInt8(ascii: "]"): self = .closeArray
        case UInt8(ascii: ":"): self = .colon
        case UInt8(ascii: ","): self = .comma
        case UInt8(ascii: "\""): self = .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        case UInt8(ascii: "n"): self = .literal(.null)
        case UInt8(ascii: "t"): self = .literal(.true)
        case UInt8(ascii: "f"): self = .literal(.false)
        default: return nil
        }
    }

    var beginsValue: Bool {
        switch self {
        case .openObject, .openArray, .string, .number, .literal: true
        case .closeObject, .closeArray, .colon, .comma: false
        }
    }
}
