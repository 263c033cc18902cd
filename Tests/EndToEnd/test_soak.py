# SPDX-License-Identifier: Apache-2.0
"""The short form of `make soak`: each condition once, a few kills, and what is wrong is found."""

import subprocess
import sys
import unittest

from support import BIN, PATIENCE, ROOT, ProgramTest

SOAK = ROOT / "Tests" / "Soak" / "soak.py"
KILLS = ROOT / "Tests" / "Soak" / "kills.py"
PROXY = ROOT / "Tests" / "Soak" / "proxy.py"

# Runs `conformance`, and from the second time on does something to what it has reported.
TAMPERED = """#!{python}
import json, pathlib, subprocess, sys
status = subprocess.run(["{program}"] + sys.argv[1:]).returncode
mark = pathlib.Path("{mark}")
if mark.exists():
    path = pathlib.Path(sys.argv[sys.argv.index("--report") + 1]) / "report.json"
    report = json.loads(path.read_text())
    {body}
    path.write_text(json.dumps(report))
mark.touch()
sys.exit(status)
"""


class Soak(ProgramTest):
    def soak(self, *words, script=SOAK, programs=BIN):
        done = subprocess.run(
            [sys.executable, str(script), "--keep", str(self.folder / "kept"), *words],
            env=self.environment(CHATSPEC_BIN=str(programs)), capture_output=True, text=True,
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

    def test_a_run_that_leaves_cases_out_or_has_another_status_is_found(self):
        programs = self.folder / "programs"
        programs.mkdir()
        for body, finding in (
                ("report['scenarios'] = report['scenarios'][:1]", "not there"),
                ("status = 1", "status 1 does not fit"),
                ("[s.update(verdict='skipped') for s in report['scenarios']]; status = 1",
                 "nothing was judged")):
            wrapper = programs / "conformance"
            wrapper.write_text(TAMPERED.format(
                python=sys.executable, program=str(BIN / "conformance"), body=body,
                mark=str(self.folder / "mark")))
            wrapper.chmod(0o755)
            (self.folder / "mark").unlink(missing_ok=True)
            status, said = self.soak(
                "--runs", "2", "--protocol", "padded", "--only", "join.*", "--launch",
                f"{BIN / 'refserver'} padded {{port}}", programs=programs)
            self.assertEqual(1, status, said)
            self.assertIn(finding, said)

    def test_suites_behind_a_proxy_come_to_the_same_verdicts(self):
        status, said = self.soak(
            "--protocol", "hello", "--plan", "at:1", "--plan", "bytes", "--only", "header.*",
            "--only", "login.busy", "--timeout-scale", "5", script=PROXY)
        self.assertEqual(0, status, said)
        self.assertIn("hello bytes both: 0 differ", said)
        self.assertNotIn("skipped", said)

    def test_at_an_address_behind_a_proxy_the_cuts_are_told(self):
        status, said = self.soak(
            "--protocol", "hello", "--plan", "bytes", "--only", "header.*", "--way", "both",
            "--servers", "address", "--timeout-scale", "5", script=PROXY)
        self.assertEqual(0, status, said)
        self.assertIn("hello bytes both: 0 differ", said)
        self.assertRegex(said, r"[1-9]\d* cuts planned")

    def test_servers_that_federate_do_so_behind_proxies(self):
        status, said = self.soak(
            "--protocol", "channels", "--plan", "every:7", "--way", "both",
            "--only", "fed.end-to-end", "--only", "durability.kill.account", script=PROXY)
        self.assertEqual(0, status, said)
        self.assertNotIn("skipped", said)

    def test_a_verdict_that_a_proxy_changes_is_found(self):
        for servers in ("launched", "address"):
            with self.subTest(servers=servers):
                status, said = self.soak(
                    "--protocol", "hello", "--plan", "bytes", "--way", "there",
                    "--only", "framing.coalesced.login", "--proxy=--reset-at 3",
                    "--servers", servers, script=PROXY)
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
