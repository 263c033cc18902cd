# SPDX-License-Identifier: Apache-2.0
"""Each suite against servers that share no code with the reference server.

CHATSPEC_REPEATS says how often each server is judged (20 times by default, `hello` less often).
"""

import os
import unittest

from support import ProgramTest

REPEATS = int(os.environ.get("CHATSPEC_REPEATS") or 20)

# What a server of `padded` must fail that takes what one recv brings for one message, and why.
PADDED_FAILURES = (
    # A frame that comes in two or more segments is more than one message.
    [f"framing.partial[at={at}]" for at in range(1, 200)]
    + ["framing.partial.bytes"]
    + [f"framing.partial.padding[cuts=at:{cuts}]" for cuts in ("20", "100", "199", "20,21,110,198")]
    + [
        f"framing.partial.session[cut={cut}]"
        for cut in ("bytes", "every:7", "every:150", "at:3,9,199", "random:7", "delimiter")
    ]
    # Cut at 100 and at 199, /create loses only padding with its second part: that one passes.
    + [f"framing.partial.create[at={at}]" for at in (1, 7, 8, 12)]
    + [f"framing.partial.error[at={at}]" for at in (1, 2, 5, 13, 199)]
    # A frame and a part of the next one in one segment: recv takes 200 bytes, so the frames whose
    # borders lie elsewhere in what is left are lost. Whole frames that come together are not, so
    # framing.coalesced passes.
    + ["framing.straddle.three", "framing.straddle.early", "framing.straddle.session"]
    + [f"framing.straddle.late[over={over}]" for over in (1, 20, 100, 199)]
    # The first half of a frame is a message at once, whoever else speaks in between.
    + ["framing.per-connection", "framing.per-connection.names"]
    + [f"framing.not-before-complete.{what}" for what in ("text", "join", "error")]
    # Half a frame before the end of the connection is a message, too. Half a name is one that
    # nobody gets to see: framing.eof-mid-frame.name passes.
    + [f"framing.eof-mid-frame.text[sent={sent}]" for sent in (1, 100, 199)]
    + ["framing.eof-mid-frame.reset"]
    + [f"framing.eof-mid-frame.join[sent={sent}]" for sent in (100, 199)]
)

# What the defects of padded_defects.py break, each of them alone.
PADDED_DEFECTS = {
    "creates-one-case": {"create.joins"},
    "cuts-names": {"name.first-message"},
    "disconnected-text": {"disconnect.announced"},
    "ejects": {"join.enters"},
    "greets": {"name.first-message", "name.control-like"},
    "joined-once": {"join.announced"},
    "knows-again": {"say.not-elsewhere", "say.outside-channel", "join.announced"},
    "left-once": {"join.leave-announced"},
    "lower-case-left": {"create.leave-announced", "disconnect.announced", "join.leave-announced"},
    "mid-frame-blank": {"disconnect.announced"},
    "mid-frame-error": {"disconnect.announced"},
    "mid-frame-text": {"disconnect.announced"},
    "one-case": {"create.joins", "join.no-such-channel"},
    "quits": {"say.verbatim"},
    "replays": {"create.silent"},
    "short-errors": {"join.no-such-channel"},
    "tells-errors": {"error.no-side-effect"},
    "tells-joiner": {"join.announced"},
}

# What scenarios about errors may be failed for as well where everybody is told of them: whether
# that or the answer to a barrier comes first is the server's affair.
ALSO_TOLD = {"tells-errors": {"control.unknown", "control.near-miss", "framing.not-before-complete"}}

# What the page allows, and neither the reference server nor padded_threads.py does.
PADDED_HABITS = ("crlf-list", "late-answers", "late-ends", "nagle", "slow-accept")

# All but framing.partial, which takes longer than the rest and is about none of these defects.
PADDED_TOPICS = (
    "create.*", "join.*", "say.*", "disconnect.*", "error.*", "control.*", "name.*",
    "framing.exact-width", "framing.bytes", "framing.full-width", "framing.coalesced",
    "framing.not-before-complete", "framing.eof-mid-frame", "framing.trailing-whitespace",
    "concurrency.silent-peer", "concurrency.stalled-peer",
)

# The same for `hello`.
HELLO_FAILURES = (
    # A line that comes in two or more segments is more than one message.
    [f"framing.partial[at={at}]" for at in range(1, 29)]
    + [f"framing.partial.login[at={at}]" for at in (1, 5, 6, 10, 11, 12, 15, 18, -1)]
    + [f"framing.partial.list[at={at}]" for at in range(1, 5)]
    + [f"framing.partial.error[at={at}]" for at in (1, 2, 5, -2, -1)]
    + [
        f"framing.partial.session[cut={cut}]"
        for cut in (
            "bytes", "every:7", "every:3", "at:1,5,11,12", "at:-1", "delimiter")
    ]
    # Several lines that come together are one.
    + [f"framing.coalesced.{what}" for what in ("login", "requests", "many")]
    + [f"framing.coalesced.half[at={at}]" for at in (1, 4, 5, 9, 20, -1)]
    + [f"framing.coalesced.split[cut={cut}]" for cut in ("straddle", "straddle:1", "coalesce:3")]
    # The first half of a line is a message at once, whoever else speaks in between.
    + [f"framing.per-connection[at={at}]" for at in (3, 5, 10, 20, -1)]
    + [f"framing.per-connection.login[at={at}]" for at in (1, 10, 13, -1)]
    + ["framing.per-connection.whole", "framing.per-connection.gone"]
    + [f"framing.newline.not-before.{what}" for what in ("send", "login", "error")]
)

# What depends on the names of the run, or on how fast the server is: the first two may be cut where
# it does no harm, in the third lines may wait together where the server is slow. In the last a line
# without its newline is delivered, before or after who asks for the list has it.
HELLO_SOMETIMES = {
    "framing.partial.session[cut=random:7]", "framing.partial.session[cut=random:8:1-9]",
    "concurrency.stalled-peer.reading", "logout.frees-name.mid-line",
}

HELLO_WARNINGS = (
    [
        f"framing.partial.characters.{what}[script={script} bytes]"
        for what in ("text", "name") for script in ("two", "three", "four")
    ]
    # One recv takes 4,096 bytes: with its header and its newline this message has more.
    + ["framing.long-line"]
    + [f"framing.long-line.pieces[cut={cut}]" for cut in ("every:100", "every:1000", "at:1024,2048")]
    + ["concurrency.stalled-peer.mid-request"]
)


class AgainstForeignServers:
    """The tests; a class below for each protocol says which servers there are."""

    repeats = REPEATS
    correct = None
    recv_is_message = None
    failures = []
    warnings = []
    # What may fail or not: nothing is said of it.
    sometimes = set()
    # What is skipped even where each scenario has a server of its own.
    skipped = []

    def repeated(self, server, times, *words):
        """Judges the server again and again."""
        line = self.foreign(server)
        return self.at_once(*[lambda: self.launched(line, "--reuse", *words)] * times)

    def test_a_correct_server_is_never_failed(self):
        self.assert_passes_all_of_it(self.foreign(self.correct), but=self.skipped)
        for number, outcome in enumerate(self.repeated(self.correct, self.repeats - 1)):
            with self.subTest(run=number):
                self.assert_all_well(outcome)

    def test_a_server_that_does_not_put_messages_together_fails_for_that_and_nothing_else(self):
        outcomes = self.repeated(self.recv_is_message, self.repeats, "--capture", "none")
        for number, outcome in enumerate(outcomes):
            with self.subTest(run=number):
                self.assertEqual(1, outcome.status, outcome)
                failed, warned = set(outcome.ids("fail")), set(outcome.ids("warn"))
                self.assertEqual(set(self.failures), failed - self.sometimes)
                self.assertEqual(set(self.warnings), warned - self.sometimes)
                self.assertEqual([], outcome.ids("inconclusive", "error"))

    def test_a_correct_server_that_goes_on_running_is_never_failed(self):
        server = self.start(self.foreign(self.correct))
        for number in range(2):
            with self.subTest(run=number):
                self.assert_all_well(self.suite("--target", server.target))


class PaddedAgainstForeignServers(AgainstForeignServers, ProgramTest):
    correct = "padded_threads"
    recv_is_message = "padded_recv_is_message"
    failures = PADDED_FAILURES
    warnings = [
        f"framing.partial.characters[script={script} bytes]" for script in ("two", "three", "four")
    ]

    def test_a_correct_server_whose_news_come_late_is_never_failed(self):
        line = self.foreign("padded_broadcasts")
        self.assert_all_well(self.launched(line, "--reuse"))
        # What needs a server of its own, and a process takes longer to start than that lasts.
        self.assert_all_well(self.launched(line, "--only", "list.*", "--only", "framing.*[at=1*]"))

    def test_a_server_that_reads_whole_frames_only_is_never_failed(self):
        line = self.foreign("padded_whole_frames")
        note = "leaves parts of messages unread: cuts cannot be proven there"
        for split in ([], ["--split", "at:100"]):
            with self.subTest(split=split):
                outcome = self.launched(line, "--reuse", *split)
                self.assert_all_well(outcome, proves=False)
                self.assert_says(outcome, note)
                self.assertGreater(outcome.cuts[0], 0)

    def test_a_defect_is_blamed_on_what_it_breaks_and_on_nothing_else(self):
        only = [word for topic in PADDED_TOPICS for word in ("--only", topic)]
        calls = [
            lambda defect=defect: self.launched(
                self.foreign("padded_defects", "--defect", defect), "--reuse", "--timeout", "1s", *only)
            for defect in PADDED_DEFECTS
        ]
        for (defect, broken), outcome in zip(PADDED_DEFECTS.items(), self.at_once(*calls)):
            with self.subTest(defect=defect):
                blamed = {
                    finding["requirement"]
                    for scenario in outcome.report["scenarios"]
                    if scenario["verdict"] in ("fail", "warn")
                    for finding in scenario["findings"]
                }
                self.assertEqual(broken, blamed - ALSO_TOLD.get(defect, set()), outcome)
                self.assertEqual([], outcome.ids("inconclusive", "error"))

    def test_frames_are_judged_whatever_is_in_them(self):
        outcome = self.launched(
            self.foreign("padded_defects", "--defect", "colon"), "--reuse",
            "--only", "framing.exact-width")
        self.assertEqual([], outcome.bad, outcome)
        self.assertGreater(len(outcome.ids("pass")), 5)

    def test_who_gets_the_answer_to_somebody_elses_request_is_told_so(self):
        outcome = self.launched(
            self.foreign("padded_defects", "--defect", "tells-errors"), "--reuse",
            "--only", "say.broadcast")
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(outcome, "received the answer to what", "error.no-side-effect (M)")

    def test_habits_that_the_page_allows_are_never_failed(self):
        calls = [
            lambda habit=habit: self.launched(
                self.foreign("padded_defects", "--habit", habit), "--reuse")
            for habit in PADDED_HABITS
        ]
        for habit, outcome in zip(PADDED_HABITS, self.at_once(*calls)):
            with self.subTest(habit=habit):
                self.assert_all_well(outcome)
        lists = self.launched(
            self.foreign("padded_defects", "--habit", "crlf-list"), "--only", "list.*",
            "--only", "framing.*.list")
        self.assertEqual([], lists.bad, lists)
        self.assertGreater(len(lists.ids("pass")), 5)


class HelloAgainstForeignServers(AgainstForeignServers, ProgramTest):
    protocol = "hello"
    correct = "hello_asyncio"
    recv_is_message = "hello_recv_is_message"
    failures = HELLO_FAILURES
    warnings = HELLO_WARNINGS
    sometimes = HELLO_SOMETIMES
    repeats = max(3, REPEATS // 7)
    skipped = ["launch.arguments"]


if __name__ == "__main__":
    unittest.main()
