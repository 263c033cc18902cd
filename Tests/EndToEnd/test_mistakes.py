# SPDX-License-Identifier: Apache-2.0
"""What a user gets who makes a mistake: an exit status, one clear sentence, and what would be right."""

import json
import os
import shutil
import signal
import unittest

from support import ROOT, ProgramTest, finish, processes_with, wait_until


class UsageErrors(ProgramTest):
    def test_each_names_what_is_wrong_and_what_is_possible(self):
        cases = {
            ("run", "padded", "--splt", "bytes"): "did you mean --split?",
            ("run", "padded", "--launch", "server {prt}"): "did you mean {port}?",
            ("run", "padded", "--launch", "server"): "no {port}",
            ("run", "padded", "--target", "nowhere"): "HOST:PORT",
            ("run", "padded", "--launch", "server {port}", "--only", "no.such"): "no.such",
            ("run", "paded", "--launch", "server {port}"): "padded",
            ("lisst", "padded"): "did you mean list?",
            ("explain", "padded", "join.anounced"): "join.announced",
        }
        for words, phrase in cases.items():
            with self.subTest(words=words):
                outcome = self.conformance(*words)
                self.assertEqual(2, outcome.status, outcome)
                self.assert_says(outcome, phrase)


class WrongSpecs(ProgramTest):
    """Copies of the suite of `padded`, each damaged in one place or several."""

    def damaged(self, name, *changes):
        specs = self.folder / f"specs{self.count}"
        self.count += 1
        shutil.copytree(ROOT / "specs", specs)
        file = specs / "padded" / "scenarios" / name
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
        return self.conformance("check", str(specs / "padded"))

    def test_each_kind_of_error_has_its_place_and_its_mend(self):
        cases = [
            ('"preamble"', '"preambel"', "unknown key 'preambel'", "did you mean 'preamble'?"),
            ('"peer": "alice"', '"peer": "alcie"', "unknown peer", "connect"),
            ("${room}", "${romm}", "'${romm}' is declared nowhere", "did you mean 'room'?"),
            ('"join.enters"', '"join.entres"', "no requirement 'join.entres'", "join.enters"),
        ]
        for old, new, *phrases in cases:
            with self.subTest(change=new):
                changes = [(old, new)]
                if new == '"join.entres"':
                    changes = [('"requirements": ["join.enters"', '"requirements": ["join.entres"')]
                outcome = self.damaged("joining.json", *changes)
                self.assertEqual(4, outcome.status, outcome)
                self.assert_says(outcome, *phrases)
                self.assertRegex(outcome.said, r"joining\.json:\d+:\d+: ")

    def test_broken_json_has_its_place(self):
        outcome = self.damaged("joining.json", ('"scenarios": [', '"scenarios": [,'))
        self.assertEqual(4, outcome.status, outcome)
        self.assertRegex(outcome.said, r"joining\.json:\d+:\d+: ")

    def test_all_errors_of_a_file_are_told_at_once(self):
        outcome = self.damaged(
            "joining.json", ('"preamble"', '"preambel"'), ('"title"', '"tilte"'))
        self.assertEqual(4, outcome.status, outcome)
        self.assert_says(outcome, "unknown key 'preambel'", "unknown key 'tilte'")


class UnreachableServers(ProgramTest):
    def assert_unreachable(self, outcome, *phrases):
        self.assertEqual(3, outcome.status, outcome)
        self.assert_says(outcome, *phrases)
        self.assertIn("abandoned", outcome.report)

    def test_nothing_listens_at_the_target(self):
        self.assert_unreachable(self.suite("--target", "127.0.0.1:1"), "127.0.0.1:1", "refused")

    def test_the_command_does_not_exist(self):
        self.assert_unreachable(self.launched("no-such-command {port}"), "no-such-command")

    def test_the_server_exits_at_once_and_what_it_printed_is_told(self):
        line = self.inline("import sys; print('no licence found'); sys.exit(9)")
        self.assert_unreachable(self.launched(line), "status 9", "no licence found")

    def test_the_server_never_listens(self):
        line = self.inline("print('thinking', flush=True)\nimport signal; signal.pause()")
        self.assert_unreachable(self.launched(line), "did not listen")


class TheEndOfARun(ProgramTest):
    def fault(self, name):
        return self.refserver("--fault", name)

    def test_exit_zero_hides_failures_and_nothing_else(self):
        line, only = self.fault("join-is-not-announced"), ("--only", "join.announced")
        self.assertEqual(1, self.launched(line, *only).status)
        self.assertEqual(0, self.launched(line, *only, "--exit-zero").status)
        self.assertEqual(3, self.launched("no-such-command {port}", "--exit-zero").status)

    def test_strict_makes_a_warning_a_failure(self):
        line = self.fault("accepts-words-that-begin-alike")
        only = ("--only", "control.near-miss")
        warned = self.launched(line, *only)
        self.assertEqual(0, warned.status, warned)
        self.assertIn("warn", warned.verdicts.values())
        self.assertEqual(1, self.launched(line, *only, "--strict").status)

    def test_fail_fast_ends_at_the_first_failure(self):
        outcome = self.launched(self.fault("text-has-no-name"), "--fail-fast")
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual(1, len(outcome.ids("fail")))
        self.assertEqual("fail", outcome.report["scenarios"][-1]["verdict"])

    def test_a_closed_output_is_no_crash(self):
        reading, writing = os.pipe()
        os.close(reading)
        process = self.begin("list", "padded", stdout=writing)
        os.close(writing)
        self.assertIn(finish(process, 20), (0, 1))

    def test_an_interrupt_kills_the_servers_and_keeps_what_was_done(self):
        report = self.folder / "interrupted"
        line = self.foreign("padded_threads")
        with open(os.devnull, "wb") as nowhere:
            process = self.begin(
                "run", "padded", "--launch", line, "--report", str(report), stdout=nowhere,
                stderr=nowhere)
        # The runner has the server's name in its own command line, too.
        wait_until(lambda: len(processes_with(str(self.folder))) > 1, "a server was started")
        process.send_signal(signal.SIGINT)
        self.assertEqual(130, finish(process, 20))
        self.assertEqual({}, processes_with(str(self.folder)))
        written = json.loads((report / "report.json").read_text(encoding="utf-8"))
        self.assertIn("abandoned", written)


if __name__ == "__main__":
    unittest.main()
