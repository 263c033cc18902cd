// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConformanceCore
import Foundation
import Posix
import Specs
import TestSupport

@testable import Conformance

extension WorldSetting {
    static func forTests(
        pace: RunPace = .drained, interruption: Interruption = Interruption(),
        limits: WorldLimits = WorldLimits()
    ) -> WorldSetting {
        WorldSetting(
            loop: PollLoop(), watch: TakenWatch(), interruption: interruption, pace: pace,
            limits: limits)
    }
}

extension ServerLauncher {
    /// Starts what `line` says; the start-up limit is in milliseconds.
    static func forTests(
        _ line: String, limit: Int64 = 300_000, setting: WorldSetting = .forTests()
    ) throws -> ServerLauncher {
        ServerLauncher(
            try LaunchLine(parsing: line), specs: "specs", startLimit: limit * 1_000_000,
            setting: setting)
    }
}

struct NoPlan: Error {
    var problems: [String]
}

/// The plan of one scenario of `SmallSuite`.
func plan(_ members: String) throws -> Plan {
    let small = SmallSuite(members)
    guard let plan = small.plans.first, small.problems.isEmpty else {
        throw NoPlan(problems: small.problems)
    }
    return plan
}

/// Runs one scenario against a server; times are in milliseconds.
func transcript(
    _ members: String, at address: SocketAddress, timeout: Int64 = 5_000,
    setting: WorldSetting = .forTests()
) throws -> Transcript {
    let interpreter = Interpreter(
        plan: try plan(members), timing: Timing(timeout: timeout * 1_000_000))
    let world = SocketWorld(interpreter, at: address, setting: setting)
    defer { world.abandon() }
    try world.run()
    return world.interpreter.transcript
}

extension Transcript {
    var events: [TranscriptEvent] { entries.map(\.event) }

    /// Whether every step went as planned.
    var isAllHeld: Bool {
        events.allSatisfy { event in
            if case .finished(_, let outcome) = event { outcome == .held } else { true }
        }
    }

    var outcomes: [StepOutcome] {
        events.compactMap { if case .finished(_, let outcome) = $0 { outcome } else { nil } }
    }

    var taken: [TakenProof] {
        events.compactMap { if case .taken(_, let proof) = $0 { proof } else { nil } }
    }
}

/// A path in this repository.
func repositoryPath(_ path: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: path).path(percentEncoded: false)
}

/// A launch line for one of the foreign servers.
func foreign(_ words: String) -> String {
    let words = words.split(separator: " ")
    let script = repositoryPath("Tests/Servers/\(words[0]).py")
    return (["python3", script] + words.dropFirst().map(String.init) + ["{port}"])
        .joined(separator: " ")
}
