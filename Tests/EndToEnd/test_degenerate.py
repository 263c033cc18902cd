# SPDX-License-Identifier: Apache-2.0
"""Servers that are no servers: nothing of theirs passes, and none of them can hang the runner,
starve it, or leave anything behind (which every test here looks for when it ends)."""

import unittest

from support import ProgramTest

# The most memory that the runner may take, whatever a server sends.
MOST_KILOBYTES = 300_000

# All but the two hundred cuts and the crowds, which would only take longer.
SOME = [
    word
    for group in ("create", "join", "say", "control", "disconnect", "error", "framing.exact-width")
    for word in ("--only", f"{group}*")
]

# What passes all the same: an error in each frame is one that is due, in a frame of its width.
EXPECTED_PASSES = {
    "mute": set(),
    "closing": set(),
    "reset": set(),
    "echoing": set(),
    "error": {"framing.exact-width.errors[error=unknown control message]"},
}


class DegenerateServers(ProgramTest):
    def judged(self, mode, *words, arguments=()):
        line = self.foreign("degenerate", mode, *arguments)
        return self.measured(line, "--timeout", "100ms", *words)

    def test_nothing_passes_by_luck(self):
        calls = [
            lambda mode=mode: self.judged(mode, "--reuse", *SOME) for mode in EXPECTED_PASSES
        ]
        for (mode, expected), outcome in zip(EXPECTED_PASSES.items(), self.at_once(*calls)):
            with self.subTest(mode=mode):
                self.assertEqual(1, outcome.status)
                self.assertEqual(set(), set(outcome.ids("pass")) - expected)
                self.assertGreater(len(outcome.bad), 60)

    def test_a_server_that_floods_or_drips_or_never_reads_costs_bounded_time_and_memory(self):
        only = ("--only", "join.*", "--only", "say.order")
        for mode in ("flood", "drip", "unread"):
            with self.subTest(mode=mode):
                outcome = self.judged(mode, *only)
                self.assertEqual(1, outcome.status)
                self.assertLess(outcome.seconds, 120)
                self.assertLess(outcome.memory, MOST_KILOBYTES)

    def test_a_crash_is_told_with_its_signal_in_the_scenario_where_it_was(self):
        outcome = self.judged("crash-after", "--only", "say.*", arguments=("500",))
        self.assertEqual(1, outcome.status)
        self.assert_says(outcome, "killed by SIGSEGV")

    def test_a_server_that_forks_or_prints_without_end_or_starts_slowly_is_judged_like_any(self):
        for mode, *arguments in (("forks",), ("noisy",), ("slowstart", "1")):
            with self.subTest(mode=mode):
                line = self.foreign("degenerate", mode, *arguments)
                outcome = self.measured(line, "--only", "create.joins")
                self.assertEqual(0, outcome.status, outcome)
                self.assertLess(outcome.memory, MOST_KILOBYTES)


if __name__ == "__main__":
    unittest.main()
