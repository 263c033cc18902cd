# SPDX-License-Identifier: Apache-2.0
"""Runs side by side, again and again, and verdicts that are reached again without a server."""

import json
import unittest

from support import ProgramTest, problems_of_report


class Again(ProgramTest):
    def test_scenarios_side_by_side_come_to_the_same_in_the_same_order(self):
        for line in (self.refserver(), self.refserver("--fault", "text-comes-back")):
            one, many = (self.launched(line, "--jobs", jobs, "--seed", "5") for jobs in ("1", "8"))
            self.assertEqual(one.status, many.status)
            self.assertEqual(list(one.verdicts.items()), list(many.verdicts.items()))
            self.assertEqual(one.cuts, many.cuts)

    def test_the_transcripts_of_a_run_are_judged_alike(self):
        outcome = self.launched(
            self.foreign("padded_recv_is_message"), "--reuse", "--transcripts", "all",
            "--timeout", "500ms")
        self.assertEqual(1, outcome.status, outcome)
        self.assertGreater(len(outcome.ids("pass")), 100)
        judged = self.conformance("judge", str(outcome.report_path))
        self.assertEqual(1, judged.status, judged)
        self.assert_says(judged, "no verdict has changed", f"{len(outcome.ids('fail'))} fail")

    def test_what_failed_is_run_again_and_nothing_else(self):
        line = self.refserver("--fault", "join-leaves-silently")
        first = self.launched(line, "--split", "every:150")
        self.assertNotEqual([], first.bad)
        again = self.launched(line, "--rerun-failed", str(first.report_path))
        self.assertEqual(1, again.status, again)
        self.assertEqual(
            [name for name in first.verdicts if name in first.bad], list(again.verdicts))
        self.assertEqual(first.bad, again.bad)
        # Nothing is left to do where nothing fails any more.
        mended = self.launched(self.refserver(), "--rerun-failed", str(again.report_path))
        self.assertEqual(0, mended.status, mended)
        self.assertEqual(list(again.verdicts), list(mended.verdicts))

    def test_the_report_on_standard_output_is_the_report_in_the_file(self):
        outcome = self.launched(self.refserver(), "--json", "--only", "join.*")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual(outcome.report, json.loads(outcome.output))

    def test_rounds_end_in_one_verdict_a_case_the_worst(self):
        steady = self.launched(self.refserver(), "--repeat", "3", "--only", "say.*", "--reuse")
        self.assertEqual([], steady.bad, steady)
        self.assertEqual(0, steady.status, steady)
        self.assertEqual(len(steady.verdicts), len(steady.report["scenarios"]))
        # The first six processes answer wrongly and the last four do not. Five rounds of two cases
        # take ten, and the next one is started ahead: whichever order they come up in, each case
        # meets a wrong one, and its last rounds a right one.
        note = self.folder / "starts"
        flaky = self.inline(
            """
import os, sys
port, refserver, note = sys.argv[1:]
with open(note, "a+") as file:
    file.write(".")
    file.flush()
    early = file.tell() <= 6
fault = ["--fault", "text-comes-back"] if early else []
os.execv(refserver, [refserver, "padded", port] + fault)
""",
            str(self.folder / "bin" / "refserver"), str(note))
        outcome = self.launched(flaky, "--repeat", "5", "--only", "say.not-self")
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual({"fail"}, set(outcome.verdicts.values()))
        self.assertEqual(2, len(outcome.verdicts))


if __name__ == "__main__":
    unittest.main()
