# SPDX-License-Identifier: Apache-2.0
"""The suite of `channels` against servers with two threads for each client, on sqlite3 and scrypt.

CHATSPEC_REPEATS says how often the correct one is judged (a fifth of it; 20 by default).
"""

import os
import unittest

from support import ChannelsTest

REPEATS = max(2, int(os.environ.get("CHATSPEC_REPEATS") or 20) // 5)

# What one recv brings is a line: the page says nothing of streams, so it is a warning.
# Lines wait together, too, where the server is slow and somebody floods it.
RECV_WARNINGS = (
    "concurrency.stalled-peer", "framing.coalesced", "framing.newline.acts",
    "framing.newline.unfinished", "framing.partial", "framing.per-connection")

# What each other defect must fail or be warned of, and all that it may.
DEFECTS = {
    "plain-passwords": (
        ["password.hashed[password=ASCII]", "password.hashed.killed", "password.hashed.restarted"],
        ("password.hashed",)),
    "late-commit": (
        ["durability.kill[seen=40]", "durability.kill.twice", "durability.kill.users"],
        ("durability.kill",)),
    "split-everywhere": (
        ["say.verbatim[text=repeated spaces inside]", "say.verbatim[text=a tab inside]"],
        ("say.verbatim", "say.unicode")),
    "no-history": (
        ["history.context", "history.context.several", "durability.kill[seen=40]"],
        ("history.context", "durability.kill")),
    "told-everybody": (
        ["say.not-elsewhere", "say.not-elsewhere.prefix", "concurrency.many"],
        # Wherever somebody who is no member listens.
        ("say.", "concurrency.", "create.exists", "join.ok", "login.required.then",
         "framing.partial.commands", "framing.per-connection.gone", "durability.kill.users")),
}


class ChannelsSuite(ChannelsTest):
    def correct(self):
        return f"{self.foreign('channels_threads')} {{database}} --password-cost min"

    def defective(self, defect):
        server = self.foreign("channels_defects", "--defect", defect)
        return f"{server} {{database}} --password-cost min"

    def judged(self, defect, *words):
        """The run against the server with the defect: what failed, and what was warned of."""
        outcome = self.launched(
            self.defective(defect), "--timeout", "500ms", "--reuse", *words)
        self.assertEqual([], outcome.ids("inconclusive", "error"))
        return set(outcome.ids("fail")), set(outcome.ids("warn"))

    def test_a_correct_server_of_other_habits_passes_all_of_it(self):
        shared = self.launched(self.correct(), "--reuse")
        self.assert_all_well(shared)
        # What asks for a server of its own gets one; the rest need not wait for Python to start.
        skipped = [name for name in shared.ids("skipped") if not name.startswith("fed.")]
        self.assertNotEqual([], skipped)
        own = self.launched(
            self.correct(), *(word for name in skipped for word in ("--only", name)))
        self.assertEqual(set(skipped), set(own.verdicts))
        self.assertEqual([], own.ids("skipped", "fail", "warn", "inconclusive", "error"))

    def test_a_correct_server_is_never_failed_however_often(self):
        calls = [lambda: self.launched(self.correct(), "--reuse")] * REPEATS
        for number, outcome in enumerate(self.at_once(*calls)):
            with self.subTest(run=number):
                self.assert_all_well(outcome)

    def test_a_correct_server_that_takes_its_time_over_passwords_passes(self):
        slow = f"{self.foreign('channels_threads')} {{database}}"
        outcome = self.launched(slow, "--reuse", "--only", "login.*", "--only", "register.*")
        self.assertEqual([], outcome.bad)

    def test_a_correct_server_that_goes_on_running_is_never_failed(self):
        server = self.start(self.correct())
        for number in range(2):
            with self.subTest(run=number):
                self.assert_all_well(self.suite("--target", server.target))

    def test_who_takes_a_recv_for_a_line_is_warned_of_that_and_of_nothing_else(self):
        failed, warned = self.judged("recv-is-message")
        self.assertEqual(set(), failed)
        self.assertEqual(set(), {name for name in warned if not name.startswith(RECV_WARNINGS)})
        self.assertLessEqual({f"framing.partial[at={at}]" for at in range(2, 37)}, warned)
        self.assertIn("framing.coalesced", warned)
        self.assertIn("framing.newline.acts", warned)

    def test_each_usual_defect_is_found_out_for_what_it_is(self):
        calls = [lambda defect=defect: self.judged(defect) for defect in DEFECTS]
        for (defect, (needed, allowed)), (failed, warned) in zip(
            DEFECTS.items(), self.at_once(*calls)
        ):
            with self.subTest(defect):
                found = failed | warned
                self.assertLessEqual(set(needed), found)
                self.assertEqual(set(), {name for name in found if not name.startswith(allowed)})


if __name__ == "__main__":
    unittest.main()
