// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conformance

@Suite("Runs that are run or judged again", .timeLimit(.minutes(15)))
struct RunAgainTests {
    @Test("rounds end at the first that fails, and the failed ones can be run and judged again")
    func failedAgain() throws {
        let bad = ["--launch", foreign("degenerate error"), "--seed", "7"]
        let specs = ["--specs", repositoryPath("specs")]
        try WholeRun.run(bad + ["--until-fail"]) { status, output, folder in
            #expect(status == .failed, "\(output)")
            #expect(output.contains("round 1 failed (seed 7)"), "\(output)")
            let before = try WholeRun.verdicts(folder)
            try WholeRun.call(["run", "padded", "--rerun-failed", folder] + specs + bad.prefix(2)) {
                status, _, second in
                let after = try WholeRun.verdicts(second)
                #expect(status == .failed)
                #expect(after == before)
            }
            try WholeRun.call(
                ["run", "padded", "--rerun-failed", folder, "--only", "x"] + specs + bad
            ) {
                status, output, _ in
                #expect(status == .usage)
                #expect(output.contains("exclude each other"), "\(output)")
            }
            try WholeRun.judge(folder) { status, output in
                #expect(status == .failed)
                #expect(output.contains("no verdict has changed"), "\(output)")
                #expect(output.contains("FAIL say.broadcast"), "\(output)")
            }
        }
    }

    @Test("a good run of several rounds is judged again from its transcripts")
    func judgedAgain() throws {
        let words = ["--launch", foreign("padded_threads"), "--seed", "7", "--repeat", "3"]
        try WholeRun.run(words + ["--transcripts", "all"]) { status, output, folder in
            #expect(status == .success, "\(output)")
            #expect(output.contains("3 rounds were run"), "\(output)")
            #expect(!output.contains("unstable"), "\(output)")
            try WholeRun.judge(folder) { status, output in
                #expect(status == .success)
                #expect(output.contains("no verdict has changed"), "\(output)")
                #expect(!output.contains("no transcript"), "\(output)")
            }
            try WholeRun.call(["run", "padded", "--rerun-failed", "\(folder)/report.json"] + words)
            {
                status, output, _ in
                #expect(status == .success)
                #expect(output.contains("nothing is to be run again"), "\(output)")
            }
        }
        try WholeRun.run(words) { _, _, folder in
            try WholeRun.judge(folder) { status, output in
                #expect(status == .success)
                #expect(output.contains("have no transcript"), "\(output)")
                #expect(output.contains("nothing could be judged again"), "\(output)")
            }
        }
    }
}
