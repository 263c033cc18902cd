// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
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
            if case .durations(let range) = option.values {
                if let value = try duration(option, within: range) {
                    configuration.give(value, for: option)
                }
                continue
            }
            for value in values(option.name) { configuration.give(value, for: option) }
        }
        return configuration
    }

    private func duration(
        _ option: ProtocolOption,
        within range: ClosedRange<Duration>
    ) throws(UsageError) -> Duration? {
        guard let value = try duration(option.name) else { return nil }
        guard range.contains(value) else {
            let bounds = "from \(range.lowerBound) to \(range.upperBound)"
            throw usageError(
                "--\(option.name): \(value) is not possible; expected is a time \(bounds)")
        }
        return value
    }

    /// The paths that were given for a protocol's files; the parser asks for those that must be.
    func paths(_ files: [ProtocolFile]) -> [(file: ProtocolFile, path: String)] {
        files.compactMap { file in value(file.name).map { (file, $0) } }
    }

    private func check(_ option: ProtocolOption) throws(UsageError) {
        switch option.values {
        case .integers(let range): _ = try integer(option.name, in: range)
        case .words(let words):
            let expected = "one of \(words.joined(separator: ", "))"
            _ = try value(option.name, expected: expected) { words.contains($0) ? $0 : nil }
        case .texts, .durations: break
        case .matching(let expected, let matches):
            for value in values(option.name) where !matches(value) {
                let shown = ByteEscaping.quoted(value.utf8)
                throw usageError(
                    "--\(option.name): \(shown) is not possible; expected is \(expected)")
            }
        }
    }
}
