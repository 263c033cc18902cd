// SPDX-License-Identifier: Apache-2.0

import Arguments

extension Program {
    /// What the command line may be.
    static let command = Command(
        name: name,
        summary: "Tests chat servers against the requirements of their protocol.",
        details: [
            "Scenarios and requirements are JSON files under specs/. Every failure is explained, "
                + "and a report with coverage is written."
        ],
        version: version,
        subcommands: [
            runCommand, splitCommand, listCommand, explainCommand, checkCommand, judgeCommand,
            doctorCommand,
        ],
        examples: [
            CommandExample(
                "conformance run padded --launch 'python3 server.py {port}'",
                meaning: "Starts the server for each scenario and judges it."),
            CommandExample(
                "conformance run padded --target localhost:5000 --only 'join.*'",
                meaning: "Judges a server that runs already, for what concerns joining."),
        ])

    static let protocolArgument = CommandArgument(
        "protocol", help: "A folder under specs/, such as padded.")

    static let specsOption = CommandOption.value(
        "specs", "DIR", help: "Where the protocols' folders are, if not in specs/ here or above.")

    static let onlyOption = CommandOption.value(
        "only", "GLOB",
        help: "Only what matches: ids of scenarios, cases or requirements, or topics; * and ? "
            + "stand for any text and any character.",
        isRepeatable: true)

    static let featureOption = CommandOption.value(
        "feature", "NAME[=VALUE]", help: "What the server offers beyond its launch line.",
        isRepeatable: true)

    static let paceOption = CommandOption.value(
        "pace", "WHEN", defaultText: "drained",
        help: "When the next segment leaves: when the server has taken the one before (drained; "
            + "where that cannot be seen, acknowledged and 1 ms later), when its machine has "
            + "acknowledged it (acked), or after a time. Only drained proves cuts.")

    /// Which server is tested.
    static let serverOptions: [CommandOption] = [
        .value(
            "target", "HOST:PORT",
            help: "A server that runs already; IPv6 as [::1]:PORT or, link-local, "
                + "[fe80::1%eth0]:PORT."),
        .value(
            "launch", "COMMAND",
            help:
                "Starts the server, for each scenario afresh; {port} is replaced by its port, "
                + "{host} by an address, {dir} by a directory of its own, {specs} by ours, "
                + "{users} by a file of accounts, {peers} by one of servers to federate with, "
                + "{database} by a path of its own for a database, {moderator} by a name."),
        .value(
            "sut", "FILE",
            help: "A JSON file that describes the server: how it is started or where it is, "
                + "its port if that is its own, and what it offers."),
        .value(
            "users", "FILE",
            help: "The accounts that the server under test knows, for protocols whose servers "
                + "are told them: lines such as NAME PASSWORD."),
    ]

    private static let runCommand = Command(
        name: "run", summary: "Runs the scenarios of a protocol against a server.",
        details: [
            "Exit status: 0 nothing failed or was inconclusive, 1 something did, 2 wrong usage, "
                + "3 the server could not be reached or launched, 4 a specs file is wrong, "
                + "70 a failure of this program, 130 interrupted.",
            "With 2 and 4, and with 130 before the first scenario was planned, nothing was run: "
                + "there is no report, standard output is empty, with --json too, and the reason is "
                + "on standard error.",
        ],
        arguments: [protocolArgument],
        options: serverOptions + [
            .flag("reuse", help: "With --launch or --sut: one server for all scenarios."),
            onlyOption,
            .value(
                "seed", "N", defaultText: "drawn", help: "Draws names and texts; replays a run."),
            .flag("strict", help: "Makes warnings and tolerated answers failures."),
            .value(
                "timeout", "TIME", defaultText: "2s", help: "The longest wait for one expectation."),
            .value(
                "timeout-scale", "N", defaultText: "1",
                help: "Makes all times N times as long, for slow machines."),
            .value(
                "split", "PLAN",
                help: "How all that is sent is cut: a plan such as bytes, at:1,199 or "
                    + "random:7, or a family (pairs, straddles, edges), whose members each run."),
            .value(
                "split-form", "FORM",
                help: "With --split: only messages of this form are cut, all others go out whole "
                    + "(a form of the protocol, as reports call it)."),
            .value(
                "split-reach", "WHAT", defaultText: "everything",
                help: "With --split: what is cut, everything, or steps, which leaves preambles and "
                    + "the runner's own questions whole, or questions, which leaves all else whole."
            ),
            paceOption,
            .value(
                "capture", "WHICH", defaultText: "failures",
                help: "Which scenarios leave a capture (pcapng): failures, all or none."),
            .value(
                "transcripts", "WHICH", defaultText: "failures",
                help: "Which scenarios leave their whole transcript in report.json: failures "
                    + "(all that did not pass) or all."),
            .flag(
                "json",
                help: "Prints the report (JSON) on standard output and nothing else there; "
                    + "report.json is written all the same."),
            .value(
                "jobs", "N", defaultText: "1",
                help: "With --launch: runs up to N scenarios side by side (1 to 64). What they "
                    + "come to, and the order in the report, do not depend on it."),
            .value(
                "repeat", "N", defaultText: "1",
                help: "Runs all cases N times, each time with other names and texts; the report "
                    + "has the worst of each case and says which were not the same each time."),
            .flag(
                "until-fail",
                help: "Repeats until something fails, at most 1000 times (or --repeat)."),
            .value(
                "rerun-failed", "REPORT",
                help: "Only the cases that did not succeed in a report.json (or its folder), cut "
                    + "and seeded as there (with new names, where the server is one of --target)."),
            .value(
                "report", "DIR", defaultText: "results/...",
                help: "Where report.json and captures go."),
            .flag("fail-fast", help: "Ends the run at the first failure."),
            .flag("exit-zero", help: "Exits with 0 where 1 would say that something failed."),
            featureOption, specsOption,
        ])

    private static let listCommand = Command(
        name: "list", summary: "Lists the scenarios of a protocol.",
        arguments: [protocolArgument],
        options: [
            .flag("quiet", help: "Only those that prove absence by waiting, each with the reason."),
            onlyOption, specsOption,
        ])

    private static let explainCommand = Command(
        name: "explain", summary: "Explains a requirement or a scenario.",
        arguments: [
            protocolArgument,
            CommandArgument("id", help: "The id of a requirement or of a scenario."),
        ],
        options: [specsOption])

    private static let doctorCommand = Command(
        name: "doctor", summary: "Says what this machine allows, and how to allow the rest.",
        details: ["Exit status: 0 runs are possible here, 1 they are not."])

    private static let judgeCommand = Command(
        name: "judge", summary: "Judges the transcripts of a report again, by today's specs.",
        details: [
            "Needs no server. Only cases whose transcripts are in the report can be judged: those "
                + "that did not pass, or all of a run with --transcripts all.",
            "Exit status as for run; a case that cannot be judged counts as the report has it.",
        ],
        arguments: [CommandArgument("report", help: "A report.json, or the folder it is in.")],
        options: [
            .flag("strict", help: "Makes warnings and tolerated answers failures."),
            .value(
                "users", "FILE", help: "The accounts of the run, if not in the file it had."),
            specsOption,
        ])

    private static let checkCommand = Command(
        name: "check", summary: "Looks for mistakes in files of scenarios and requirements.",
        arguments: [
            CommandArgument(
                "path", help: "A protocol's name, its folder, or a folder of such.",
                presence: .repeatingFromOne)
        ],
        options: [specsOption])
}
