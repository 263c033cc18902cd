# SPDX-License-Identifier: Apache-2.0
"""What a failure leaves behind: words, bytes, a capture, and a line that runs it again."""

import json
import shlex
import subprocess
import unittest

from support import ProgramTest

# Answers everything with what a terminal should never be given: escape sequences, text that runs
# from right to left, bytes that are no text.
HOSTILE = """
import socket, sys, threading
def serve(client):
    while client.recv(4096):
        client.sendall(b'\\x1b[2J\\x1b]0;owned\\x07\\xe2\\x80\\xae\\xff\\xfe'.ljust(200))
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("\\x1b[31mready\\x1b[0m", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


class Evidence(ProgramTest):
    def failing(self, *words):
        line = self.refserver("--fault", "join-is-not-announced")
        return self.launched(line, "--only", "join.announced", *words)

    def tshark(self, capture, *words):
        done = subprocess.run(
            ["tshark", "-r", str(capture), *words], capture_output=True, text=True, check=True,
            timeout=60, env=self.environment(HOME=str(self.folder)))
        lines = [line for line in done.stderr.splitlines() if "Running as user" not in line]
        self.assertEqual([], lines)
        return done.stdout

    def test_a_failure_is_explained(self):
        outcome = self.failing()
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(
            outcome, "FAIL join.announced", "receive `{name} has joined`", "required", "has joined",
            "history", "/join", "server", "serving padded", "capture", "reproduce",
            "joining.json:")

    def test_bytes_are_marked_where_they_matter(self):
        line = self.refserver("--fault", "pads-with-zero-bytes")
        outcome = self.launched(line, "--only", "framing.exact-width.exists")
        self.assert_says(outcome, "00 00 00 00", "^^ first difference")

    def test_the_line_that_reproduces_a_failure_does(self):
        outcome = self.failing()
        scenario = outcome.scenarios["join.announced"]
        program, *words = shlex.split(scenario["reproduce"])
        self.assertEqual("conformance", program)
        again = self.conformance(*words, cwd=self.folder)
        self.assertEqual(1, again.status, again)
        self.assert_says(again, "FAIL join.announced")

    def test_captures_are_read_without_a_warning_and_say_what_they_show(self):
        outcome = self.failing()
        scenario = outcome.scenarios["join.announced"]
        capture = outcome.report_path.parent / scenario["capture"]
        comments = self.tshark(capture, "-T", "fields", "-e", "frame.comment")
        for phrase in ("scenario join.announced", "synthesised", 'sends "/join', "finding:"):
            self.assertIn(phrase, comments)
        self.assertEqual("", self.tshark(capture, "-Y", "tcp.analysis.flags || _ws.malformed"))
        bad = "tcp.checksum.status == 0 || ip.checksum.status == 0"
        check = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
        self.assertEqual("", self.tshark(capture, *check, "-Y", bad))
        self.assertIn(b"/create ".hex(), self.tshark(capture, "-T", "fields", "-e", "tcp.payload"))

    def test_captures_are_kept_as_asked(self):
        passing = ("--only", "create.joins")
        for which, count in (("none", 0), ("failures", 0), ("all", 1)):
            with self.subTest(which=which):
                outcome = self.launched(self.refserver(), *passing, "--capture", which)
                folder = outcome.report_path.parent
                self.assertEqual(count, len(list(folder.rglob("*.pcapng"))))

    def test_hostile_bytes_reach_neither_terminal_nor_report_as_they_are(self):
        # Every run is searched for such bytes (`assert_sane`); here there are some to be found.
        outcome = self.launched(
            self.inline(HOSTILE), "--only", "join.*", "--timeout", "300ms")
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(outcome, "\\x1B[2J", "\\x1B[31mready")
        text = outcome.report_path.read_text(encoding="utf-8")
        json.loads(text)
        self.assertNotIn("\u202e", text)


if __name__ == "__main__":
    unittest.main()
