# SPDX-License-Identifier: Apache-2.0
"""What the tests of `conformance split` share: calls of it, and what they say of its breaks."""

import shlex

from support import ProgramTest, problems_of_report

# What fails a case is often that nothing comes: where many must fail, each waits no longer.
IMPATIENT = ("--timeout", "400ms")


class SplitTest(ProgramTest):
    def split(self, launch_line, *words, **options):
        """`conformance split`, its report in a directory of its own, and valid.

        A server that is written in Python starts too slowly for many at once.
        """
        if not {"--jobs", "--budget"} & set(words) and "refserver" not in launch_line:
            words = ("--jobs", "2", *words)
        with self.counting:
            self.count += 1
            folder = self.folder / f"split{self.count}"
        offered = [word for name in self.features for word in ("--feature", name)]
        outcome = self.conformance(
            "split", self.protocol, "--launch", launch_line, *words, *offered,
            "--report", str(folder), report=folder / "report.json", **options)
        self.assertEqual([], problems_of_report(outcome.report_path)[:5], outcome)
        return outcome

    def assert_broken(self, outcome, offset=1):
        """Something is broken by one cut in one form, and the line that replays it fails again."""
        self.assertEqual(1, outcome.status, outcome)
        breaks = outcome.report["splitting"]["breaks"]
        self.assertNotEqual([], breaks, outcome)
        for found in breaks:
            self.assertEqual({offset}, {place["offset"] for place in found["places"]}, found)
            self.assertEqual({found["form"]}, {place["form"] for place in found["places"]}, found)
            self.assert_says(outcome, found["replay"], f"cut behind byte {offset} ")
        self.assert_replays(breaks[0])
        return breaks

    def assert_replays(self, found, shows="FAIL", status=1):
        program, *words = shlex.split(found["replay"])
        self.assertEqual("conformance", program)
        again = self.conformance(*words, "--report", str(self.folder / "again"), "--capture", "none")
        self.assertEqual(status, again.status, again)
        self.assert_says(again, f"{shows} {found['case']}{{{found['split']}}}")
        # The same case without its cut holds.
        place = words.index("--split")
        del words[place:place + 2]
        for option in ("--split-form", "--split-reach"):
            if option in words:
                place = words.index(option)
                del words[place:place + 2]
        uncut = self.conformance(*words, "--report", str(self.folder / "uncut"))
        self.assertEqual(0, uncut.status, uncut)
        self.assertNotIn(f"{shows} {found['case']}", uncut.said)
