# SPDX-License-Identifier: Apache-2.0
"""The suite of `callback` against servers with a thread for each client, as the source suggests.

CHATSPEC_REPEATS says how often the correct one is judged (a fifth of it; 20 by default).
"""

import os
import unittest

from support import CallbackTest

REPEATS = max(2, int(os.environ.get("CHATSPEC_REPEATS") or 20) // 5)

PART_OF_PASSWORD = [
    f"login.failed.part[part={part}]" for part in ("all but its last letter", "its beginning")
]

# With one lock for all nobody's message goes out while a receipt is missing: that is a warning.
ONE_LOCK_WARNINGS = (
    [
        f"to.receipt-missing-others{what}"
        for what in ("", ".debtor", ".newcomer", ".two")
    ]
    + ["concurrency.stalled-peer.mid-receipt"]
    # Two messages are to be on their way at once.
    + [f"delivery.cross.held[first={who}]" for who in ("alice", "bob")]
    + [f"framing.partial-receipt.interleaved[at={at}]" for at in (1, 3, 20, -1)]
    + ["to.waits-for-receipt.other"]
)

# Of two who wait for the lock either is the next; and nobody sees when the server has taken the lock
# for a message whose receiver reads nothing, or has not accepted its connection.
ONE_LOCK_PERHAPS = {
    "delivery.one-at-a-time.toall", "concurrency.stalled-peer.not-reading-b",
    "to.receipt-missing-others.never-accepted",
}

# Any answer confirms a message to all.
TOALL_ANY_WARNINGS = [
    f"to.receipt-wrong.toall[answer={answer}]"
    for answer in ("304 Message delivery failed", "401 Unrecognized message")
]

# Who is told 303 before the receipt is told it where 304 is due, too.
EARLY_FAILURES = (
    ["to.waits-for-receipt", "to.waits-for-receipt.each", "delivery.none-lost.held"]
    + [f"toall.waits-for-all[held={who}]" for who in ("bob", "carol", "dave")]
    + [f"toall.partial-failure[lost={who}]" for who in ("bob", "carol", "dave")]
    + ["toall.partial-failure.reset"]
    + [f"framing.partial-receipt.half[at={at}]" for at in (1, 2, 3, 4, 11, -2, -1)]
    + [f"framing.partial-receipt.end[at={at}]" for at in (1, 3, 20)]
    + ["framing.partial-receipt.end-toall", "framing.partial-receipt.last"]
    + [
        f"to.recipient-dies.{how}"
        for how in ("close", "reset", "both", "before-reading", "idle", "idle-reset", "queue")
    ]
    + ["replies.exact.broken"]
)
EARLY_WARNINGS = (
    [
        f"to.receipt-wrong[answer={answer}]"
        for answer in (
            "304 Message delivery failed", "303 Message delivery successful",
            "401 Unrecognized message", "Message receipt successful", "/list")
    ]
    + TOALL_ANY_WARNINGS
    + ["to.waits-for-receipt.other", "to.waits-for-receipt.on-a", "to.recipient-dies.a"]
    + ["delivery.one-at-a-time.wrong"]
)

# What one recv brings is a command, or a receipt. What is about nothing else passes, but for what
# is longer than a recv.
RECV_FAILURES = (
    "framing.partial", "framing.newline.", "framing.per-connection", "to.verbatim.long[bytes=5000]",
    "to.verbatim.long-toall[bytes=5000]")
RECV_WARNINGS = (
    "framing.coalesced", "framing.partial.characters", "framing.partial-receipt.interleaved",
    "concurrency.stalled-peer.mid-command")


class CallbackSuite(CallbackTest):
    def correct(self):
        return f"{self.foreign('callback_threads')} {{users}}"

    def defective(self, defect):
        return f"{self.foreign('callback_defects', '--defect', defect)} {{users}}"

    def judged(self, defect):
        """The run against the server with the defect: what failed, and what was warned of."""
        outcome = self.launched(
            self.defective(defect), "--timeout", "500ms", "--feature", "receiptTimeout=500ms", "--reuse")
        self.assertEqual([], outcome.ids("inconclusive", "error"))
        return set(outcome.ids("fail")), set(outcome.ids("warn"))

    def test_a_correct_server_of_other_habits_passes_all_of_it(self):
        self.assert_passes_all_of_it(self.correct())

    def test_a_correct_server_is_never_failed_however_often(self):
        calls = [lambda: self.launched(self.correct(), "--reuse")] * REPEATS
        for number, outcome in enumerate(self.at_once(*calls)):
            with self.subTest(run=number):
                self.assert_all_well(outcome)

    def test_a_correct_server_that_goes_on_running_is_never_failed(self):
        users = str(self.users_file())
        server = self.start(self.correct())
        for number in range(2):
            with self.subTest(run=number):
                self.assert_all_well(self.suite("--target", server.target, "--users", users))

    def test_with_one_lock_for_all_a_server_is_warned_and_not_failed(self):
        failed, warned = self.judged("one-lock")
        self.assertEqual(set(), failed)
        self.assertEqual(set(ONE_LOCK_WARNINGS), warned - ONE_LOCK_PERHAPS)

    def test_who_confirms_before_the_receipt_fails_for_that_and_nothing_else(self):
        failed, warned = self.judged("early-303")
        self.assertEqual(set(EARLY_FAILURES), failed)
        # Messages that nobody waits for may overtake each other.
        self.assertEqual(set(EARLY_WARNINGS), warned - {"framing.coalesced.messages"})

    def test_who_takes_a_recv_for_a_command_fails_for_that_and_nothing_else(self):
        failed, warned = self.judged("recv-is-message")
        self.assertEqual(set(), {name for name in failed if not name.startswith(RECV_FAILURES)})
        self.assertEqual(set(), {name for name in warned if not name.startswith(RECV_WARNINGS)})
        self.assertLessEqual({f"framing.partial[at={at}]" for at in range(1, 33)}, failed)
        self.assertLessEqual({f"framing.partial-receipt[at={at}]" for at in range(3, 29)}, failed)
        self.assertLessEqual({f"framing.partial.end[at={at}]" for at in range(-11, 0)}, failed)
        self.assertIn("framing.coalesced.commands", warned)

    def test_who_takes_a_part_of_a_password_for_all_of_it_fails_for_that_and_nothing_else(self):
        failed, warned = self.judged("password-prefix")
        self.assertEqual(set(PART_OF_PASSWORD), failed)
        self.assertEqual(set(), warned)

    def test_who_looks_for_the_login_anywhere_in_the_file_fails_for_that_and_nothing_else(self):
        failed, warned = self.judged("line-search")
        self.assertEqual({*PART_OF_PASSWORD, "login.failed.part-of-name"}, failed)
        self.assertEqual(
            {f"error.login-words[login={words}]" for words in ("one", "one and a space")}, warned)

    def test_who_keeps_the_b_of_a_user_who_broke_off_fails_for_that_and_nothing_else(self):
        # On a server of its own for each, since nobody who came back would be reached any more.
        topics = ("Leaving", "Logging in", "The connection back to the client")
        outcome = self.launched(
            self.defective("stale-b"), "--timeout", "500ms",
            *(word for topic in topics for word in ("--only", topic)))
        self.assertEqual([], outcome.ids("inconclusive", "error", "warn"))
        self.assertEqual(
            {f"disconnect.cleans-up.{how}" for how in ("close", "reset", "both")},
            set(outcome.ids("fail")))

    def test_who_delivers_a_buffer_full_fails_for_that_and_nothing_else(self):
        failed, warned = self.judged("buffer-of-1023")
        self.assertEqual(
            {f"to.verbatim.long[bytes={count}]" for count in (2000, 5000)}
            | {f"to.verbatim.long-toall[bytes={count}]" for count in (1000, 5000)}, failed)
        self.assertEqual(set(), warned)

    def test_whom_any_answer_confirms_a_message_to_all_is_warned_and_not_failed(self):
        failed, warned = self.judged("toall-any-answer")
        self.assertEqual(set(), failed)
        self.assertEqual(set(TOALL_ANY_WARNINGS), warned)


class WithoutAccounts(CallbackTest):
    def test_a_server_whose_users_nobody_names_is_skipped_with_the_reason(self):
        server = self.start(self.refserver())
        outcome = self.suite("--target", server.target)
        self.assertEqual({"skipped"}, set(outcome.verdicts.values()), outcome)
        self.assert_says(outcome, "--users")


if __name__ == "__main__":
    unittest.main()
