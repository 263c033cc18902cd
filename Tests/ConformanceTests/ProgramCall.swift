// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Conformance

/// A call of the program: how it ended, and what it printed.
struct ProgramCall {
    private final class Text: Sendable {
        private let value = Mutex("")

        func append(_ text: String) { value.withLock { $0 += text } }

        var whole: String { value.withLock { $0 } }
    }

    let status: ProgramStatus
    let output: String
    let errors: String
    /// Both, as they came after each other.
    let text: String

    init(_ words: [String]) {
        let (output, errors, text) = (Text(), Text(), Text())
        let console = Console(
            print: {
                output.append($0)
                text.append($0)
            },
            complain: {
                errors.append($0)
                text.append($0)
            })
        status = Program.run(words, console: console)
        self.output = output.whole
        self.errors = errors.whole
        self.text = text.whole
    }
}
