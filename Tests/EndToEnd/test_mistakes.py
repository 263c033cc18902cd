# SPDX-License-Identifier: Apache-2.0
"""What a user gets who makes a mistake: an exit status, one clear sentence, and what would be right."""

import contextlib
import json
import os
import shutil
import signal
import tempfile
import unittest

from support import (
    ROOT, ProgramTest, finish, problems_of_report, processes_with, wait_until)


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
            ("run", "padded"): "--target HOST:PORT or --launch",
            ("run", "padded", "--target", "h:1", "--launch", "s {port}"): "exclude each other",
            ("run", "padded", "--target", "h:1", "--seed", "x"): "whole number",
            ("run", "padded", "--target", "h:1", "--split", "byts"): "did you mean bytes?",
            ("run", "padded", "--target", "h:1", "--timeout", "soon"): "--timeout",
            ("run", "padded", "--target", "h:1", "--feature", "usrsFile"): "did you mean usersFile?",
            ("run", "padded", "--target", "h:1", "--report", "/dev/null/x"): "nothing can be written there",
            ("list", "padded", "--specs", "/no/such"): "/no/such",
            ("check", "/no/such"): "/no/such",
        }
        for words, phrase in cases.items():
            with self.subTest(words=words):
                outcome = self.conformance(*words)
                self.assertEqual(2, outcome.status, outcome)
                self.assert_says(outcome, phrase, "usage: conformance")
                self.assertEqual(b"", outcome.output)

    def test_a_filter_that_matches_nothing_is_a_usage_error_also_beside_one_that_does(self):
        outcome = self.suite(
            "--launch", self.refserver(), "--only", "join.*", "--only", "jion.*", "--exit-zero")
        self.assertEqual(2, outcome.status, outcome)
        self.assertFalse(outcome.report_path.exists())


class WrongSpecs(ProgramTest):
    """Copies of the suite of `padded`, each damaged in one place or several."""

    def copy(self, name, *changes):
        specs = self.folder / f"specs{self.count}"
        self.count += 1
        shutil.copytree(ROOT / "specs", specs)
        file = specs / "padded" / name
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
        return str(specs)

    def damaged(self, name, *changes):
        return self.conformance("check", self.copy(f"scenarios/{name}", *changes))

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
        outcome = self.damaged(
            "joining.json", ('["join.enters"]', '["join.entres"]'), ("${words}", "${wrods}"),
            ('"peer": "bob", "expect"', '"peer": "bbo", "expect"'))
        self.assertEqual(4, outcome.status, outcome)
        self.assert_says(outcome, "no requirement 'join.entres'", "'${wrods}'", "unknown peer 'bbo'")

    def test_one_error_is_told_once_and_nothing_that_only_follows_from_it(self):
        # All scenarios use the procedures.
        specs = self.copy("protocol.json", ('"procedures"', '"procdures"'))
        outcome = self.conformance("check", specs)
        self.assertEqual(4, outcome.status, outcome)
        wrong = [line for line in outcome.said.splitlines() if "nothing wrong" not in line]
        self.assertEqual(1, len(wrong), outcome)
        self.assertRegex(outcome.said, r"protocol\.json:\d+:\d+: unknown key 'procdures'")

    def test_every_command_says_so_and_no_server_is_started(self):
        specs = self.copy("scenarios/joining.json", ('"preamble"', '"preambel"'))
        line = self.inline("import sys; open(sys.argv[2], 'w')", str(self.folder / "started"))
        for words in (
            ["run", "padded", "--launch", line, "--exit-zero"],
            ["list", "padded"],
            ["explain", "padded", "join.enters"],
        ):
            with self.subTest(words[0]):
                outcome = self.conformance(*words, "--specs", specs)
                self.assertEqual(4, outcome.status, outcome)
                self.assertEqual(b"", outcome.output)
                self.assertRegex(outcome.said, r"joining\.json:\d+:\d+: unknown key 'preambel'")
        self.assertFalse((self.folder / "started").exists())


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
        self.assert_unreachable(
            self.launched(line), "did not listen on port", "of 127.0.0.1 or ::1 within")


class PortsInUse(ProgramTest):
    def test_a_server_that_finds_its_port_in_use_is_started_on_another(self):
        # The first process meets the port as it would meet one that somebody has just taken.
        line = self.inline(
            """
import os, socket, sys
port, server, note = sys.argv[1:]
if not os.path.exists(note):
    open(note, "w").write(port)
    taken = socket.create_server(("127.0.0.1", int(port)))
    socket.create_server(("127.0.0.1", int(port)))
os.execv(sys.executable, [sys.executable, server, port])
""",
            str(self.folder / "servers" / "padded_threads.py"), str(self.folder / "note"))
        outcome = self.launched(line, "--reuse", "--only", "join.*")
        self.assertEqual(0, outcome.status, outcome)
        self.assertTrue((self.folder / "note").exists())


@contextlib.contextmanager
def obeyed(number):
    """Whose start lies in here obeys the signal, also where the tests run in the background, deaf to
    it: what a program handles is not handed down, what it ignores is."""
    former = signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(number, former)


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
        report = self.folder / "unread"
        commands = {
            ("list", "padded"): (0,),
            ("explain", "padded", "join.enters"): (0,),
            ("run", "--help"): (0,),
            ("run", "padded", "--launch", self.refserver(), "--report", str(report)): (0,),
        }
        for words, statuses in commands.items():
            with self.subTest(words):
                reading, writing = os.pipe()
                os.close(reading)
                with tempfile.TemporaryFile() as errors:
                    process = self.begin(*words, stdout=writing, stderr=errors)
                    os.close(writing)
                    self.assertIn(finish(process), statuses)
                    errors.seek(0)
                    self.assertEqual(b"", errors.read())
        # Nobody read what was printed; the report is there all the same.
        self.assertEqual([], problems_of_report(report / "report.json"))

    def interrupted(self, number):
        """A run that is ended by a signal when its third server was started."""
        report, count = self.folder / f"interrupted{number}", self.folder / f"count{number}"
        line = self.inline(
            """
import os, sys
port, server, count = sys.argv[1:]
with open(count, "a") as file:
    file.write("started\\n")
os.execv(sys.executable, [sys.executable, server, port])
""",
            str(self.folder / "servers" / "padded_threads.py"), str(count))
        with tempfile.TemporaryFile() as output:
            process = self.begin(
                "run", "padded", "--launch", line, "--report", str(report), stdout=output,
                stderr=output)
            wait_until(
                lambda: count.exists() and len(count.read_text().splitlines()) > 4,
                "servers are started")
            process.send_signal(number)
            status = finish(process, 20)
            output.seek(0)
            text = output.read()
        return status, text, report / "report.json"

    def test_an_interrupt_before_the_specs_are_read_ends_the_program_and_leaves_no_report(self):
        pipe = self.folder / "nobody-writes.json"
        os.mkfifo(pipe)

        def reader():
            with contextlib.suppress(OSError):  # Nobody has opened it for reading yet.
                return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                report = self.folder / f"early{number}"
                with tempfile.TemporaryFile() as output:
                    with obeyed(number):
                        process = self.begin(
                            "run", "padded", "--sut", str(pipe), "--json", "--report", str(report),
                            stdout=output, stderr=output)
                    writer = wait_until(reader, "it opens the file")
                    process.send_signal(number)
                    self.assertEqual(130, finish(process, 20))
                    os.close(writer)
                    output.seek(0)
                    self.assertEqual(b"", output.read())
                self.assertFalse(report.exists())

    def test_an_interrupt_kills_the_servers_and_keeps_what_was_done(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                status, text, path = self.interrupted(number)
                self.assertEqual(130, status, text)
                self.assertEqual({}, processes_with(str(self.folder)))
                self.assertEqual([], problems_of_report(path))
                report = json.loads(path.read_text(encoding="utf-8"))
                self.assertEqual({"reason": "interrupted"}, report["abandoned"])
                self.assertGreater(report["summary"]["scenarios"], 0)
                self.assertEqual(0, report["summary"]["fail"])
                self.assertIn(b"interrupted", text)


if __name__ == "__main__":
    unittest.main()
