// SPDX-License-Identifier: Apache-2.0

import Arguments

extension Program {
    static let splitCommand = Command(
        name: "split",
        summary: "Runs every scenario of a protocol under every cut, and shrinks what breaks.",
        details: [
            "Each case runs uncut first; then under each plan that can make a difference to it: "
                + "byte by byte, in two at every offset, joined with its neighbours, a message and "
                + "every beginning of the next, inside characters, escapes and tokens. What fails "
                + "only when it is cut is tried again, made as small as it goes, and told with the "
                + "message form, the offset, and the line that replays it.",
            "Cases whose own steps join or cut messages, and which fail or warn, are run with each "
                + "message in a segment of its own, too: what holds then is broken by its segments.",
            "Exit status: 0 cuts were made and none broke anything, 1 one did (a warning counts, if "
                + "it is not there without the cut), or nothing could be cut, or cases could not be "
                + "reached, verified or decided; otherwise as for run.",
        ],
        arguments: [protocolArgument],
        options: serverOptions + [
            .value(
                "budget", "TIME", defaultText: "all",
                help: "Takes no longer than about TIME: the most telling cuts come first, and what "
                    + "is left out is said."),
            .value(
                "straddles", "WHICH", defaultText: "telling",
                help: "With which beginnings of the next message a message is sent: telling (some "
                    + "twenty offsets) or all."),
            .value(
                "split-reach", "WHAT", defaultText: "steps",
                help: "What is cut at every offset: what the steps of scenarios send, or "
                    + "everything, their preambles and the runner's own questions included, which "
                    + "takes several times as long."),
            .value(
                "stop-after", "N", defaultText: "5",
                help: "Ends when N cases are broken."),
            onlyOption,
            .value(
                "seed", "N", defaultText: "drawn", help: "Draws names and texts; replays a run."),
            .flag("strict", help: "Makes warnings and tolerated answers failures."),
            .value(
                "timeout", "TIME", defaultText: "2s",
                help: "The longest wait for one expectation, where a failure is verified."),
            .value(
                "timeout-scale", "N", defaultText: "1",
                help: "Makes all times N times as long, for slow machines."),
            paceOption,
            .value(
                "capture", "WHICH", defaultText: "failures",
                help: "Whether what broke leaves a capture (pcapng): failures, all or none."),
            .flag(
                "json",
                help: "Prints the report (JSON) on standard output and nothing else there; "
                    + "report.json is written all the same."),
            .value(
                "jobs", "N",
                defaultText: "four for each processor, at most 16; with --budget one, at most 4",
                help: "With --launch: tries up to N cases side by side (1 to 64), each job with a "
                    + "server of its own."),
            .value(
                "report", "DIR", defaultText: "results/...",
                help: "Where report.json and captures go."),
            .flag("exit-zero", help: "Exits with 0 where 1 would say that something broke."),
            featureOption, specsOption,
        ])
}
