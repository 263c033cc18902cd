// SPDX-License-Identifier: Apache-2.0

import Posix

@main
enum ConformanceMain {
    static func main() {
        Signals.ignoreBrokenPipes()
        let words = Array(CommandLine.arguments.dropFirst())
        let status = Program.run(words, console: .ofProcess())
        ProcessExit.exit(status.rawValue)
    }
}
