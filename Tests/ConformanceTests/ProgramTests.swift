// SPDX-License-Identifier: Apache-2.0

import Foundation
import Posix
import Testing

@testable import Conformance

@Suite("The command line", .timeLimit(.minutes(15)))
struct ProgramTests {
    private func run(_ words: String...) -> ProgramCall { ProgramCall(words) }

    private static let specs = repositoryPath("specs")
    private static let launch = "true {port}"

    @Test("the version and the help of each command go to standard output")
    func helpAndVersion() {
        #expect(run("--version").output == "conformance \(Program.version)\n")
        for command in [
            [], ["run"], ["split"], ["list"], ["explain"], ["check"], ["judge"], ["doctor"],
        ] {
            #expect(ProgramCall(command + ["--help"]).status == .success)
        }
        let help = run("run", "--help").output
        #expect(help.contains("--timeout-scale"))
        let prose = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(prose.contains("standard output is empty, with --json too"))
        for placeholder in Placeholder.allCases {
            #expect(help.contains("{\(placeholder.rawValue)}"))
        }
    }

    @Test(
        "wrong usage is told with what would be right, and nothing is run",
        arguments: [
            (["run", "padded"], "no server is named"),
            (["run", "padded", "--launch", "x {port}", "--target", "h:1"], "exclude each other"),
            (["run", "padded", "--target", "h:1", "--reuse"], "leave it out"),
            (["run", "padded", "--target", "nowhere"], "expected is HOST:PORT"),
            (["run", "padded", "--target", "h:0"], "expected is HOST:PORT"),
            (["run", "paded", "--launch", launch], "did you mean padded?"),
            (
                ["run", "padded", "--launch", launch, "--only", "nothing.of.that"],
                "--only: no scenario"
            ),
            (["run", "padded", "--launch", launch, "--seed", "-1"], "--seed"),
            (["run", "padded", "--launch", launch, "--json", "--seed", "x"], "--seed"),
            (["run", "padded", "--launch", launch, "--split", "byte"], "did you mean bytes?"),
            (["run", "padded", "--launch", launch, "--pace", "slow"], "drained"),
            (["run", "padded", "--launch", launch, "--timeout", "0ms"], "from 1ms to 1h"),
            (
                ["run", "padded", "--launch", launch, "--feature", "capasity=3"],
                "did you mean capacity?"
            ),
            (["run", "padded", "--launch", "x {users} {port}"], "servers of padded have none"),
            (["run", "padded", "--target", "h:1", "--users", "f"], "no accounts"),
            (
                ["run", "padded", "--target", "h:1", "--feature", "receiptTimeout"],
                "expected is a time"
            ),
            (["run", "padded", "--launch", launch, "--capture", "some"], "failures, all, none"),
            (["run", "padded", "--launch", launch, "--transcripts", "no"], "all, failures"),
            (["run", "padded", "--launch", launch, "--jobs", "65"], "from 1 to 64"),
            (["run", "padded", "--launch", launch, "--jobs", "0"], "from 1 to 64"),
            (["run", "padded", "--launch", launch, "--repeat", "0"], "from 1 to"),
            (
                ["run", "padded", "--launch", launch, "--rerun-failed", "/no/such"],
                "expected is the report.json of a run"
            ),
            (["run", "padded", "--launch", launch, "--split-form", "text"], "add --split PLAN"),
            (
                ["run", "padded", "--launch", launch, "--split", "bytes", "--split-form", "txt"],
                "did you mean text?"
            ),
            (["split", "padded"], "no server is named"),
            (["split", "padded", "--launch", launch, "--budget", "soon"], "--budget"),
            (["split", "padded", "--launch", launch, "--budget", "1ms"], "from 1s"),
            (["split", "padded", "--launch", launch, "--stop-after", "0"], "from 1 to"),
            (["split", "padded", "--launch", launch, "--split", "bytes"], "--split"),
            (
                ["split", "padded", "--launch", launch, "--only", "nothing.of.that"],
                "--only: no scenario"
            ),
            (["judge", "/no/such"], "expected is the report.json of a run"),
            (["list"], "<protocol>"), (["walk"], "no command"), ([], "a command is missing"),
            (["check", "/no/such/place"], "no directory"),
            (["check", "channel"], "did you mean channels?"),
            (["explain", "padded", "say.broadcats"], "did you mean say.broadcast?"),
        ])
    func usage(words: [String], message: String) {
        let specs =
            ["run", "split", "list", "explain", "check"].contains(words.first ?? "")
            ? ["--specs", Self.specs] : []
        let call = ProgramCall(words + specs)
        #expect(call.status == .usage)
        #expect(call.errors.contains(message), "\(call.errors)")
        #expect(call.output == "")
    }

    @Test("a wrong specs file is told with all its mistakes and their places")
    func wrongSpecs() throws {
        let folder = try Files.makeTemporaryDirectory(prefix: "conformance-test")
        defer { try? Files.removeTree(folder) }
        try Files.makeDirectories("\(folder)/odd/scenarios")
        for (name, text) in [
            ("protocol.json", #"{ "protocol": "odd", "framing": { "kind": "fixed" } }"#),
            ("requirements.json", "{ \"requirements\": [\n  { \"id\": \"a\" } ] }"),
            ("scenarios/a.json", "{"),
        ] {
            try Files.write(Array(text.utf8), to: "\(folder)/odd/\(name)")
        }
        for result in [
            run("check", folder), run("check", "\(folder)/odd"),
            run("list", "odd", "--specs", folder),
            run("run", "odd", "--specs", folder, "--launch", "true {port}"),
            run("run", "odd", "--specs", folder, "--launch", "true {port}", "--json"),
        ] {
            #expect(result.status == .wrongSpecs)
            #expect(result.errors.contains("/odd/protocol.json:1:"), "\(result.errors)")
            #expect(result.errors.contains("/odd/requirements.json:2:3"), "\(result.errors)")
            #expect(result.errors.contains("/odd/scenarios/a.json:1:"), "\(result.errors)")
            #expect(result.output == "")
        }
    }

    @Test("a protocol is checked by its name, too")
    func checkByName() {
        let result = run("check", "hello", "--specs", Self.specs)
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("/hello: "), "\(result.output)")
    }

    @Test("what only one way on holds is explained below it")
    func explainsAlternatives() {
        let result = run(
            "explain", "channels", "durability.kill.membership", "--specs", Self.specs)
        let lines = result.output.split(separator: "\n")
        let ways = lines.filter { $0.contains("(\"it ends with its connection\")") }
        #expect(ways.count == 3, "\(result.output)")
        #expect(ways.last?.hasPrefix("    - a message that starts with") == true)
        let kill = lines.first { $0.contains("the server is sent SIGKILL") }
        #expect(kill?.hasPrefix("              the server") == true, "\(result.output)")
    }
}
