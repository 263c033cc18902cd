// SPDX-License-Identifier: Apache-2.0

import Posix

@main
enum ConformanceMain {
    static func main() {
        StandardStreams.hold()
        Signals.ignoreBrokenPipes()
        Interruption.endsProgram()
        let words = Array(CommandLine.arguments.dropFirst())
        let lost = LostOutput()
        var statuses = [Program.run(words, console: .ofProcess(lost))]
        if lost.isTrue { statuses.append(.internalError) }
        ProcessExit.exit(ProgramStatus.gravest(of: statuses).rawValue)
    }
}
