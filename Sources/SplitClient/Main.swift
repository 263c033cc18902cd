// SPDX-License-Identifier: Apache-2.0

import Posix

@main
enum SplitClientMain {
    static func main() {
        StandardStreams.hold()
        Signals.ignoreBrokenPipes()
        let words = Array(CommandLine.arguments.dropFirst())
        ProcessExit.exit(Program.run(words, streams: .ofProcess()).rawValue)
    }
}
