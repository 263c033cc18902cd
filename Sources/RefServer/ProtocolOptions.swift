// SPDX-License-Identifier: Apache-2.0

import Arguments
import ChatProtocols

extension ProtocolOption {
    /// The same, as the command line's parser knows options.
    var commandOption: CommandOption {
        .value(
            name, placeholder, defaultText: defaultText, help: help, isRepeatable: isRepeatable)
    }
}

extension ParsedCommand {
    /// What was given for a protocol's own options.
    func configuration(_ options: [ProtocolOption]) throws(UsageError) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        for option in options {
            try check(option)
            for value in values(option.name) { configuration.give(value, for: option) }
        }
        return configuration
    }

    private func check(_ option: ProtocolOption) throws(UsageError) {
        switch option.values {
        case .integers(let range): _ = try integer(option.name, in: range)
        case .words(let words):
            let expected = "one of \(words.joined(separator: ", "))"
            _ = try value(option.name, expected: expected) { words.contains($0) ? $0 : nil }
        case .texts: break
        }
    }
}
