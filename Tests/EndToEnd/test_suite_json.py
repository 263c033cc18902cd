# SPDX-License-Identifier: Apache-2.0
"""The suite of `json` against servers that offer all that it asks for, and one with its usual defect."""

import unittest

from support import JSONTest

# The page says nothing of borders, so all that is about them is a warning.
ABOUT_BORDERS = ("framing.partial", "framing.stream", "framing.long", "framing.whitespace.between")


class JSONSuite(JSONTest):
    def test_a_correct_server_of_other_habits_passes_all_of_it(self):
        self.assert_passes_all_of_it(f"{self.foreign('json_threads')} {self.offers}")

    def test_a_server_that_takes_a_recv_for_an_object_is_warned_of_that_and_of_nothing_else(self):
        line = self.foreign("json_recv_is_message")
        only = [word for name in (*ABOUT_BORDERS, "login", "msg", "error", "names")
                for word in ("--only", f"{name}*")]
        outcome = self.launched(
            line, "--reuse", "--timeout", "200ms", "--transcripts", "failures", *only)
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual([], outcome.ids("fail", "inconclusive", "error"))
        expected = [name for name in outcome.verdicts if name.startswith(ABOUT_BORDERS)]
        self.assertGreater(len(expected), 190)
        self.assertEqual(sorted(expected), outcome.ids("warn"))


if __name__ == "__main__":
    unittest.main()
