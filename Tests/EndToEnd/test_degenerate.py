# SPDX-License-Identifier: Apache-2.0
"""Servers that nobody should have to test: none passes, hangs, crashes or starves the runner."""

import unittest

from support import ProgramTest, processes_with

# The runner never needs more memory than this, in kilobytes.
MOST_MEMORY = 300 * 1024

# What a server passes that serves nobody, and why that is no mistake of the suite.
MAY_PASS = {
    "mute": {},
    "closing": {},
    "echoing": {},
    "error": {
        "framing.exact-width.errors[error=unknown control message]":
            "It is about the frame of just this error, asked for by just this message.",
    },
}

# Cases that cost much time and add nothing here: 190 cuts of one and the same scenario, and what
# waits for ten seconds and more before it gives up.
SLOW = {"framing.partial", "concurrency.many", "concurrency.stalled-peer.reading"}


class Degenerate(ProgramTest):
    def most_scenarios(self):
        """Options for all scenarios but the slow ones."""
        listed = self.conformance("list", "padded").output.decode()
        names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
        self.assertLessEqual(SLOW, set(names))
        chosen = [name for name in names if name not in SLOW] + ["framing.partial[at=?]"]
        return [word for name in chosen for word in ("--only", name)]

    def assert_survived(self, outcome, *phrases):
        """It failed the server, in words, and needed no more memory than it may."""
        self.assertEqual(1, outcome.status, outcome)
        self.assertNotIn("abandoned", outcome.report)
        self.assertEqual([], outcome.ids("pass", "error"))
        self.assertLess(outcome.memory, MOST_MEMORY)
        self.assert_says(outcome, *phrases)

    def test_nothing_passes_that_serves_nobody(self):
        most = self.most_scenarios()

        def judged(mode, *words):
            return self.launched(self.foreign("degenerate", mode), "--timeout", "50ms", *words)

        calls = [lambda mode=mode: judged(mode, "--reuse", *most) for mode in MAY_PASS]
        calls += [lambda mode=mode: judged(mode, "--only", "list.*") for mode in MAY_PASS]
        outcomes = self.at_once(*calls, workers=8)
        for mode, reused, fresh in zip(MAY_PASS, outcomes[:4], outcomes[4:]):
            with self.subTest(mode):
                self.assertEqual(sorted(MAY_PASS[mode]), reused.ids("pass"), reused)
                self.assertEqual([], fresh.ids("pass"), fresh)
                self.assertEqual([1, 1], [reused.status, fresh.status])
                self.assertGreater(len(reused.ids("fail", "warn", "inconclusive")), 150)
                self.assertGreater(len(fresh.ids("fail", "warn", "inconclusive")), 5)

    def test_no_talk_of_a_server_hangs_or_starves_the_runner(self):
        phrases = {
            "flood": ["flood flood"],
            "drip": ["received nothing within 50 ms"],
            "reset": ["the server reset"],
            "unread": ["the server took nothing more from"],
            "mute": ["received nothing within 50 ms"],
            "closing": ["the server closed"],
        }
        calls = [
            lambda mode=mode: self.measured(
                self.foreign("degenerate", mode), "--reuse", "--timeout", "50ms",
                "--only", "join.*", "--only", "control.*",
                "--only", "error.*", "--only", "disconnect.*")
            for mode in phrases
        ]
        for mode, outcome in zip(phrases, self.at_once(*calls, workers=6)):
            with self.subTest(mode):
                self.assert_survived(outcome, *phrases[mode])
                self.assertGreater(len(outcome.verdicts), 40)
                self.assertLess(outcome.seconds, 90)

    def test_a_server_that_does_not_read_ends_the_scenario_that_fills_its_buffers(self):
        outcome = self.measured(
            self.foreign("degenerate", "unread"), "--timeout", "200ms",
            "--only", "concurrency.stalled-peer.reading")
        self.assert_survived(outcome, "the server took nothing more from")

    def test_a_server_that_exits_at_once_cannot_be_tested(self):
        for status in ("0", "3"):
            with self.subTest(status):
                outcome = self.launched(self.foreign("degenerate", "exits", status))
                self.assertEqual(3, outcome.status, outcome)
                self.assertEqual("unreachable", outcome.report["abandoned"]["reason"])
                self.assert_says(outcome, f"exited with status {status} before it listened")

    def test_a_crash_is_pinned_to_its_scenario_and_the_run_goes_on(self):
        outcome = self.measured(
            self.foreign("degenerate", "crash-after", "20000"), "--reuse", "--only", "join.*",
            "--only", "say.*", "--only", "create.*")
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(outcome, "was killed by SIGSEGV")
        crashed = [s for s in outcome.scenarios.values() if "serverEnd" in s]
        self.assertGreater(len(crashed), 2)
        for scenario in crashed:
            self.assertEqual("was killed by SIGSEGV", scenario["serverEnd"])
            self.assertNotIn(scenario["verdict"], ("pass", "observed"))
        # Each time it was started again: what came after a crash could pass.
        self.assertGreater(len(outcome.ids("pass")), 30)
        unexplained = [
            name for name in outcome.bad if "serverEnd" not in outcome.scenarios[name]
        ]
        self.assertEqual([], unexplained)

    def test_no_descendant_of_a_server_survives(self):
        for words in (["--reuse"], ["--only", "join.*", "--only", "list.names"]):
            with self.subTest(words):
                outcome = self.launched(self.foreign("degenerate", "forks"), *words)
                self.assertEqual([], outcome.bad, outcome)
                self.assertEqual(0, outcome.status, outcome)
                self.assertEqual({}, processes_with(str(self.folder)))

    def test_noise_fills_neither_memory_nor_report_nor_terminal(self):
        outcome = self.measured(self.foreign("degenerate", "noisy"), "--reuse")
        self.assertEqual([], outcome.bad, outcome)
        self.assertLess(outcome.memory, MOST_MEMORY)
        self.assertLess(outcome.report_path.stat().st_size, 4 << 20)

    def test_a_server_that_starts_slowly_is_waited_for(self):
        outcome = self.launched(
            self.foreign("degenerate", "slowstart", "1"), "--only", "say.verbatim",
            "--only", "launch.arguments")
        self.assertEqual([], outcome.bad, outcome)
        self.assertEqual(0, outcome.status, outcome)


if __name__ == "__main__":
    unittest.main()
