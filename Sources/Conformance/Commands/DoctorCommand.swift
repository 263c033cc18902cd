// SPDX-License-Identifier: Apache-2.0

import Arguments
import Posix

/// `conformance doctor`: what this machine allows, and how to allow the rest.
enum DoctorCommand {
    static func run(_ console: Console) -> ProgramStatus {
        let findings = [
            Checkup.loopback(), Checkup.freePorts(), Checkup.diagnosis(), Checkup.descriptors(),
            Checkup.children(), Checkup.capture(),
        ]
        console.print(findings.map { "\($0)\n" }.joined())
        let isPossible = !findings.contains { $0.grade == .missing }
        console.print(
            isPossible
                ? "a run is possible here\n" : "no run is possible here before that is changed\n")
        return isPossible ? .success : .failed
    }
}

/// What was found out about one thing that runs use.
struct CheckupFinding: Equatable, CustomStringConvertible {
    enum Grade: String {
        case fine = "ok"
        /// Runs are possible, with less.
        case less
        /// No run is possible.
        case missing
    }

    var grade: Grade
    var subject: String
    /// What is there, or what is missing and how to get it.
    var text: String

    var description: String {
        let grade = grade.rawValue + String(repeating: " ", count: 8 - grade.rawValue.utf8.count)
        return "\(grade)\(subject): \(text)"
    }
}
