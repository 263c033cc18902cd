// SPDX-License-Identifier: Apache-2.0

/// The bytes of one number, read one at a time.
///
///     minus ──▶ zero ────┬─ . ─▶ point ──▶ fraction ─┬─ e ─▶ letter ──▶ sign ──▶ exponent
///       └─────▶ integer ─┴───────────────────────────┘          └──────────────────┘
///
/// A number may end in `zero`, `integer`, `fraction` and `exponent`; only the byte after it, or
/// the end of the input, shows that it has.
struct JSONNumberScanner {
    private enum State {
        case start, minus, zero, integer, point, fraction, letter, sign, exponent
    }

    private(set) var bytes: [UInt8] = []
    private var state = State.start

    var canEnd: Bool {
        switch state {
        case .zero, .integer, .fraction, .exponent: true
        case .start, .minus, .point, .letter, .sign: false
        }
    }

    /// Takes one byte; `false` where it does not belong to the number, which has ended.
    mutating func consume(_ byte: UInt8, at position: JSONPosition) throws(JSONError) -> Bool {
        let isDigit = (0x30...0x39).contains(byte)
        if isDigit, state == .zero { throw JSONError(position: position, reason: .leadingZero) }
        if let next = isDigit ? afterDigit(byte) : after(byte) {
            state = next
            bytes.append(byte)
            return true
        }
        guard canEnd else {
            throw JSONError(position: position, reason: .digitMissing(after: part))
        }
        return false
    }

    private func afterDigit(_ digit: UInt8) -> State {
        switch state {
        case .start, .minus: digit == 0x30 ? .zero : .integer
        case .zero, .integer: .integer
        case .point, .fraction: .fraction
        case .letter, .sign, .exponent: .exponent
        }
    }

    private func after(_ byte: UInt8) -> State? {
        switch (state, byte) {
        case (.start, UInt8(ascii: "-")): .minus
        case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")): .point
        case (.letter, UInt8(ascii: "+")), (.letter, UInt8(ascii: "-")): .sign
        case (.zero, 0x45), (.zero, 0x65), (.integer, 0x45), (.integer, 0x65),
            (.fraction, 0x45), (.fraction, 0x65):
            .letter
        default: nil
        }
    }

    private var part: String {
        switch state {
        case .point: "the point"
        case .letter: "the e"
        case .sign: "the sign of the exponent"
        case .start, .minus, .zero, .integer, .fraction, .exponent: "the minus sign"
        }
    }
}
