# SPDX-License-Identifier: Apache-2.0
"""Runs side by side, again and again, and verdicts that are reached again without a server."""

import json
import shutil
import unittest

from support import ROOT, ProgramTest, problems_of_report


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

    def test_plans_that_join_messages_are_judged_alike(self):
        outcome = self.launched(
            self.refserver(), "--only", "join.*", "--split", "coalesce:3", "--split-reach", "steps",
            "--transcripts", "all")
        self.assertEqual(0, outcome.status, outcome)
        judged = self.conformance("judge", str(outcome.report_path))
        self.assertEqual(0, judged.status, judged)
        self.assert_says(judged, "no verdict has changed")

    def test_what_other_specs_would_have_done_is_not_judged_by_them(self):
        outcome = self.launched(
            self.refserver(), "--only", "join.leaves-previous", "--transcripts", "all")
        self.assertEqual(0, outcome.status, outcome)
        sent = '{ "peer": "bob", "send": "${more}" }'
        heard = '{ "peer": "carol", "expect": "[${alice}] ${words}" }'
        for old, new, status, said in (
                # What came can be asked for something else.
                (heard, heard.replace("${words}", "${words} no more"), 1, "pass before, fail now"),
                # What was never sent or waited for cannot.
                (sent, f"{sent}, {sent}", 0, "run it again"),
                (sent, sent.replace("bob", "alice"), 0, "run it again"),
                (heard, heard.replace("carol", "dave"), 0, "run it again"),
                (sent, f'{sent}, {{ "peer": "carol", "expect": "x" }}', 0, "run it again")):
            specs = self.specs_with("joining.json", old, new)
            judged = self.conformance("judge", str(outcome.report_path), "--specs", str(specs))
            self.assertEqual(status, judged.status, judged)
            self.assert_says(judged, said)

    def specs_with(self, name, old, new):
        """A copy of the specs in which one text of a scenario file is another."""
        folder = self.folder / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "specs", folder)
        file = folder / "padded" / "scenarios" / name
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))
        return folder

    def test_a_report_of_a_run_that_came_to_nothing_is_no_success(self):
        broken = self.launched("sleep 100 {port}", "--timeout", "100ms")
        self.assertEqual(3, broken.status, broken)
        judged = self.conformance("judge", str(broken.report_path))
        self.assertEqual(3, judged.status, judged)
        again = self.launched(
            self.refserver(), "--json", "--rerun-failed", str(broken.report_path))
        self.assertEqual(1, again.status, again)
        self.assertEqual([], json.loads(again.output)["scenarios"])
        self.assert_says(again, "did not come to its end")

    def test_nothing_is_run_again_where_all_is_well_and_the_report_says_so(self):
        first = self.launched(self.refserver(), "--only", "join.*")
        again = self.launched(self.refserver(), "--json", "--rerun-failed", str(first.report_path))
        self.assertEqual(0, again.status, again)
        self.assertEqual([], again.report["scenarios"])
        self.assertEqual(again.report, json.loads(again.output))

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
