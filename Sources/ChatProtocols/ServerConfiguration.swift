// SPDX-License-Identifier: Apache-2.0

/// An option that servers of one protocol have, as a command line needs to know it.
package struct ProtocolOption: Sendable {
    /// What its values look like.
    package enum Values: Sendable {
        case integers(ClosedRange<Int>)
        case words([String])
        case texts
    }

    /// Without dashes.
    package let name: String

    /// What stands for the value in a help text.
    package let placeholder: String
    package let values: Values

    /// What holds where it is not given, for a help text.
    package let defaultText: String?
    package let help: String
    package let isRepeatable: Bool

    init(
        _ name: String,
        _ placeholder: String,
        _ values: Values,
        defaultText: String? = nil,
        help: String,
        isRepeatable: Bool = false
    ) {
        self.name = name
        self.placeholder = placeholder
        self.values = values
        self.defaultText = defaultText
        self.help = help
        self.isRepeatable = isRepeatable
    }
}

/// What was given for the options of a protocol; empty for the server that the page describes.
///
/// Who fills it in has seen that each value is one of its option's.
package struct ServerConfiguration: Sendable {
    private var given: [String: [String]] = [:]

    package init() {}

    /// Notes one more value of the option.
    package mutating func give(_ value: String, for option: ProtocolOption) {
        given[option.name, default: []].append(value)
    }

    /// The option's value, or `nil` where none was given; the last one of several.
    func text(_ name: String) -> String? { given[name]?.last }

    /// All values of the option, in their order.
    func texts(_ name: String) -> [String] { given[name] ?? [] }

    /// The option's value as a number.
    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
}
