// SPDX-License-Identifier: Apache-2.0

import Posix

@main
enum SplitClientMain {
    static func main() {
        StandardStreams.hold()
        Signals.ignoreBrokenPipes()
        let words = Array(CommandLine.arguments.dropFirst())
        let lost = LostOutput()
        let streams = Streams.ofProcess(lost)
        var status = Program.run(words, streams: streams)
        if status == .success, lost.isTrue {
            streams.fail("standard output cannot be written; what was printed is lost")
            status = .failed
        }
        ProcessExit.exit(status.rawValue)
    }
}
