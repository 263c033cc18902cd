# SPDX-License-Identifier: Apache-2.0
"""The suite of `padded` against servers that share no code with the reference server.

CHATSPEC_REPEATS says how often each of the two is judged (10 times by default).
"""

import os
import unittest

from support import ProgramTest

REPEATS = int(os.environ.get("CHATSPEC_REPEATS") or 10)

# What a server must fail that takes what one recv brings for one message, and why.
EXPECTED_FAILURES = (
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


class SuiteAgainstForeignServers(ProgramTest):
    def repeated(self, server, fresh):
        """Judges the server again and again, a few times with a fresh process a scenario."""
        line = self.foreign(server)
        calls = [lambda: self.launched(line)] * fresh
        calls += [lambda: self.launched(line, "--reuse")] * (REPEATS - fresh)
        return self.at_once(*calls)

    def test_a_correct_threaded_server_is_never_failed(self):
        outcomes = self.repeated("padded_threads", fresh=1)
        self.assertEqual([], outcomes[0].ids("skipped"))
        for number, outcome in enumerate(outcomes):
            with self.subTest(run=number):
                self.assert_all_well(outcome)

    def test_a_server_that_does_not_put_frames_together_fails_for_that_and_nothing_else(self):
        for number, outcome in enumerate(self.repeated("padded_recv_is_message", fresh=0)):
            with self.subTest(run=number):
                self.assertEqual(1, outcome.status, outcome)
                self.assertEqual(sorted(EXPECTED_FAILURES), outcome.ids("fail"))
                self.assertEqual([], outcome.ids("warn", "inconclusive", "error"))

    def test_a_correct_server_that_goes_on_running_is_never_failed(self):
        server = self.start(self.foreign("padded_threads"))
        for number in range(2):
            with self.subTest(run=number):
                self.assert_all_well(self.suite("--target", server.target))


if __name__ == "__main__":
    unittest.main()
