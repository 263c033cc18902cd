// SPDX-License-Identifier: Apache-2.0

import Arguments
import Posix

/// Which server is tested, and how far several scenarios can be tested at once.
extension RunRequest {
    /// The server that is named, in one of three ways.
    static func server(
        _ parsed: ParsedCommand, _ description: SUTFile?
    ) throws(UsageError) -> Server {
        if let description {
            for other in ["launch", "target"] where parsed.flag(other) {
                throw parsed.usageError(
                    "--sut and --\(other) exclude each other; write one of them")
            }
            return try description.server(parsed)
        }
        let line = try parsed.value("launch") { text throws(LaunchLineError) in
            try LaunchLine(parsing: text)
        }
        let target = try parsed.value(
            "target", expected: "HOST:PORT, such as localhost:5000 or [::1]:5000"
        ) { text in HostAndPort(parsing: text).flatMap { $0.port == 0 ? nil : $0 } }
        switch (line, target) {
        case (let line?, nil): return .launch(line, isReused: parsed.flag("reuse"))
        case (nil, let target?):
            guard !parsed.flag("reuse") else {
                throw parsed.usageError(
                    "--reuse is about launched servers; leave it out with --target")
            }
            return .target(target)
        case (nil, nil):
            throw parsed.usageError(
                "no server is named; write --target HOST:PORT or --launch 'COMMAND {port}', or "
                    + "--sut FILE")
        case (_?, _?):
            throw parsed.usageError("--target and --launch exclude each other; write one of them")
        }
    }

    /// The report whose cases are run again; what it says itself cannot be said besides.
    static func rerun(_ parsed: ParsedCommand) throws(UsageError) -> String? {
        guard let path = parsed.value("rerun-failed") else { return nil }
        for other in ["only", "split"] where parsed.flag(other) {
            throw parsed.usageError(
                "--rerun-failed and --\(other) exclude each other: the report says which cases "
                    + "are run, and how they are cut")
        }
        return path
    }

    /// How many scenarios are run side by side, and why it is not what was asked for.
    static func jobs(
        _ parsed: ParsedCommand, _ server: Server
    ) throws(UsageError) -> (Int, note: String?) {
        let jobs = try parsed.integer("jobs", in: 1...64) ?? 1
        switch server {
        case .launch(let line, isReused: false) where line.ownPort != nil && jobs > 1:
            return (
                1,
                "--jobs \(jobs) is taken as 1: the server has a port of its own, which two "
                    + "cannot share"
            )
        case .launch(_, isReused: false): return (jobs, nil)
        case .launch(_, isReused: true), .target:
            guard jobs > 1 else { return (1, nil) }
            return (
                1,
                "--jobs \(jobs) is taken as 1: scenarios that share a server run one after the "
                    + "other; only servers launched for each scenario can be tested side by side"
            )
        }
    }
}
