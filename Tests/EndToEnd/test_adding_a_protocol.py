# SPDX-License-Identifier: Apache-2.0
"""The protocol that docs/adding-a-protocol.md adds works as the page says, file by file."""

import re
import shlex
import sys
import unittest

from support import ROOT, ProgramTest

PAGE = ROOT / "docs" / "adding-a-protocol.md"

# The field's most common defect, in the page's server.
PIECES_FOR_LINES = """\
        while piece := self.connection.recv(4096):
            self.take(piece.removesuffix(b"\\n"))
"""


class AddingAProtocol(ProgramTest):
    def setUp(self):
        super().setUp()
        blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE.read_text(), re.S | re.M)
        self.assertGreater(len(blocks), 3)
        for name, text in blocks:
            file = self.folder / "outside" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.server = self.folder / "outside" / "server.py"

    protocol = "shout"

    def run_it(self, *words):
        line = shlex.join([sys.executable, str(self.server)]) + " {port}"
        return self.suite(
            "--specs", str(self.folder / "outside"), "--launch", line, *words)

    def test_its_files_are_right(self):
        checked = self.conformance("check", str(self.folder / "outside" / "shout"))
        self.assertEqual(0, checked.status, checked)
        self.assert_says(checked, "10 requirements, 8 scenarios, nothing wrong")

    def test_a_server_of_it_passes_and_every_requirement_is_covered(self):
        outcome = self.run_it()
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual([], outcome.bad, outcome)
        self.assertEqual(["shout.empty"], outcome.ids("observed"))
        for requirement in outcome.report["coverage"]["requirements"]:
            if "excluded" not in requirement:
                self.assertIn(requirement.get("verdict"), ("pass", "observed"), requirement)
        planned, proven = outcome.cuts
        self.assertEqual((17, 17), (planned, proven))

    def test_it_passes_under_cuts_of_all_that_is_sent(self):
        for split in ("bytes", "coalesce:2", "random:5"):
            with self.subTest(split):
                outcome = self.run_it("--reuse", "--split", split)
                self.assertEqual(0, outcome.status, outcome)

    def test_a_server_that_takes_a_piece_for_a_line_fails_for_that(self):
        source = self.server.read_text()
        reading = re.search(r"        for line in self\.rfile:\n.*?\[:-1\]\)\n", source, re.S)
        self.server.write_text(source.replace(reading[0], PIECES_FOR_LINES))
        outcome = self.run_it()
        self.assertEqual(1, outcome.status, outcome)
        failed = {name.split("[")[0] for name in outcome.ids("fail")}
        self.assertEqual({"framing.partial", "framing.coalesced"}, failed, outcome)
        self.assertEqual(18, len(outcome.ids("fail")), outcome)


if __name__ == "__main__":
    unittest.main()
