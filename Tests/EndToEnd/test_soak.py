# SPDX-License-Identifier: Apache-2.0
"""The short form of `make soak`: each condition once, a few kills, and what is wrong is found."""

import subprocess
import sys
import unittest

from support import BIN, PATIENCE, ROOT, ProgramTest

SOAK = ROOT / "Tests" / "Soak" / "soak.py"
KILLS = ROOT / "Tests" / "Soak" / "kills.py"
PROXY = ROOT / "Tests" / "Soak" / "proxy.py"


class Soak(ProgramTest):
    def soak(self, *words, script=SOAK):
        done = subprocess.run(
            [sys.executable, str(script), "--keep", str(self.folder / "kept"), *words],
            env=self.environment(CHATSPEC_BIN=str(BIN)), capture_output=True, text=True,
            timeout=PATIENCE, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_each_condition_comes_to_the_same_verdicts(self):
        # Seven runs: the six conditions, of which one is two runs at once.
        status, said = self.soak("--runs", "7", "--protocol", "padded")
        self.assertEqual(0, status, said)
        self.assertIn("all verdicts are the same", said)
        for condition in ("side by side, busy processors", "two runs at once"):
            self.assertIn(condition, said)

    def test_a_server_that_is_right_only_at_times_is_found(self):
        fickle = self.inline(
            "import os, sys, random\n"
            "fault = ['--fault', 'does-not-pad'] if random.random() < 0.5 else []\n"
            "os.execv(sys.argv[2], ['refserver', 'padded', sys.argv[1], *fault])\n",
            str(BIN / "refserver"))
        status, said = self.soak(
            "--runs", "7", "--protocol", "padded", "--only", "framing.exact-width*",
            "--launch", fickle)
        self.assertEqual(1, status, said)
        self.assertIn("runs differ", said)

    def test_suites_behind_a_proxy_come_to_the_same_verdicts(self):
        status, said = self.soak(
            "--protocol", "hello", "--plan", "at:1", "--plan", "bytes", "--only", "header.*",
            "--timeout-scale", "5", script=PROXY)
        self.assertEqual(0, status, said)
        self.assertIn("hello bytes both: 0 differ", said)
        self.assertRegex(said, r"[1-9]\d* cuts planned")

    def test_a_verdict_that_a_proxy_changes_is_found(self):
        status, said = self.soak(
            "--protocol", "hello", "--plan", "bytes", "--way", "there",
            "--only", "framing.coalesced.login", "--proxy=--reset-at 3", script=PROXY)
        self.assertEqual(1, status, said)
        self.assertRegex(said, r"framing.coalesced.login: \w+, not pass")

    def test_a_server_that_is_killed_under_load_loses_nothing_that_was_acknowledged(self):
        status, said = self.soak("--kills", "25", script=KILLS)
        self.assertEqual(0, status, said)
        self.assertIn("25 kills", said)
        self.assertIn("nothing was lost, nothing doubled", said)

    def test_a_server_that_commits_too_late_is_found(self):
        late = self.foreign(
            "channels_defects", "--defect", "late-commit", "--password-cost", "min",
            "--history", "1000")
        status, said = self.soak(
            "--kills", "25", "--launch", f"{late} {{database}}", script=KILLS)
        self.assertEqual(1, status, said)
        self.assertIn("BROKEN: ", said)


if __name__ == "__main__":
    unittest.main()
