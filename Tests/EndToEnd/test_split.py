# SPDX-License-Identifier: Apache-2.0
"""`conformance split` on padded: what breaks under a cut is found, shrunk and replayed."""

import json
import unittest

from splitting import IMPATIENT, SplitTest
from support import SERVERS, problems_of_report


class Split(SplitTest):
    def test_no_cut_breaks_a_correct_server_and_nearly_all_cuts_are_proven(self):
        outcome = self.split(self.refserver(), "--only", "say.broadcast", "--only", "list.private")
        self.assertEqual(0, outcome.status, outcome)
        splitting = outcome.report["splitting"]
        self.assertEqual(splitting["planned"], splitting["tried"])
        self.assertEqual([], splitting["breaks"] + splitting["spared"] + splitting["unreached"]
                         + splitting["unstable"])
        self.assertNotIn("ending", splitting)
        planned, proven = outcome.cuts
        self.assertGreater(planned, 1000)
        self.assertGreaterEqual(proven / planned, 0.999)
        # Each offset of each form that these scenarios send.
        for cut in outcome.report["coverage"]["cuts"]:
            self.assertEqual([[1, 199]], cut["offsets"], cut)
            self.assertEqual(200, cut["longest"])
        self.assert_says(outcome, "no cut broke anything", "199/199")

    def test_a_recv_that_is_taken_for_a_message_is_found_with_its_offset(self):
        outcome = self.split(
            self.foreign("padded_recv_is_message"), "--only", "say.*", "--stop-after", "2",
            *IMPATIENT)
        self.assertEqual(2, len(self.assert_broken(outcome)))

    def test_one_offset_of_all_is_found(self):
        # What comes in two goes well but for one offset, which none of the telling plans cuts at.
        line = self.inline(
            f"""
import sys
sys.path.insert(0, {str(SERVERS)!r})
from padded_threads import WIDTH, Client, Server, main

class LosesBeginningsOf37(Client):
    def frames(self):
        pending = b""
        while chunk := self.connection.recv(WIDTH - len(pending)):
            if pending or len(chunk) != 37:
                pending += chunk
            if len(pending) == WIDTH:
                yield pending
                pending = b""

main(Server(LosesBeginningsOf37))
""")
        outcome = self.split(line, "--only", "list.private", "--stop-after", "1")
        self.assert_broken(outcome, offset=37)

    def test_a_joined_message_that_is_lost_is_told_from_one_that_is_cut(self):
        # Only where messages share a segment, cut or not.
        outcome = self.split(
            self.refserver("--fault", "loses-coalesced-frames"), "--only", "name.*",
            "--only", "say.*", "--stop-after", "1", *IMPATIENT)
        self.assertEqual(1, outcome.status, outcome)
        found = outcome.report["splitting"]["breaks"][0]
        self.assertEqual("coalesce:2", found["split"])
        self.assertEqual("join", found["kind"])
        self.assertEqual([], found["places"])
        self.assert_says(outcome, "BROKEN BY JOINED MESSAGES")
        self.assert_replays(found)
        # Only where the beginning of one rides along with the one before.
        outcome = self.split(
            self.refserver("--fault", "loses-the-tail-of-a-read"), "--only", "name.*",
            "--only", "say.*", "--stop-after", "1", *IMPATIENT)
        self.assertEqual(1, outcome.status, outcome)
        found = outcome.report["splitting"]["breaks"][0]
        self.assertTrue(found["split"].startswith("straddle"), found)
        self.assertEqual("straddle", found["kind"])
        # It breaks preambles, too: these cases went on with whole ones.
        self.assertNotEqual([], outcome.report["splitting"]["spared"])
        self.assert_says(outcome, "do not get through their preamble when it is cut")
        self.assert_replays(found)

    def test_a_read_that_is_taken_for_a_frame_is_told_with_form_and_offset(self):
        # Joined messages break it, too, and first; a cut says where.
        outcome = self.split(
            self.refserver("--fault", "each-read-is-a-frame"), "--only", "say.*",
            "--only", "concurrency.silent-peer*", "--stop-after", "3", *IMPATIENT)
        for found in self.assert_broken(outcome):
            self.assertEqual("cut", found["kind"], found)

    def test_two_cuts_that_are_both_needed_are_all_that_is_left(self):
        line = self.inline(
            f"""
import sys
sys.path.insert(0, {str(SERVERS)!r})
from padded_threads import WIDTH, Client, Server, main

class SpoilsShortPieces(Client):
    def frames(self):
        pending = b""
        while chunk := self.connection.recv(WIDTH - len(pending)):
            if 137 <= len(pending) < 170 and len(chunk) < 30 and len(pending + chunk) < WIDTH:
                chunk = b"#" * len(chunk)
            pending += chunk
            if len(pending) == WIDTH:
                yield pending
                pending = b""

main(Server(SpoilsShortPieces))
""")
        outcome = self.split(line, "--only", "say.broadcast", "--stop-after", "1")
        self.assertEqual(1, outcome.status, outcome)
        found = outcome.report["splitting"]["breaks"][0]
        self.assertEqual("text", found["form"], found)
        self.assertEqual(2, len({place["offset"] for place in found["places"]}), found)
        self.assert_replays(found)

    def test_a_server_that_starts_at_the_second_attempt_does_no_harm(self):
        outcome = self.split(
            self.counting_server("if starts in (1, 4, 7): sys.exit('no, later')"),
            "--only", "list.private", "--jobs", "1", "--budget", "10s")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual(0, outcome.report["splitting"]["unlaunched"])
        self.assert_says(outcome, "a second server had to be started", "no, later",
                         "no cut broke anything")

    def test_a_run_that_loses_its_server_does_not_say_that_all_is_well(self):
        outcome = self.split(
            self.counting_server("if starts > 8: sys.exit('no more')", dies_after=400),
            "--only", "list.private", "--jobs", "1")
        self.assertEqual(3, outcome.status, outcome)
        self.assertEqual("unreachable", outcome.report["splitting"]["ending"])
        self.assert_says(outcome, "inconclusive: ", "the server is gone")

    def counting_server(self, at_start, dies_after=1 << 30):
        """A good server that knows how often it was started, and how many messages it has read."""
        return self.inline(
            f"""
import os, sys
sys.path.insert(0, {str(SERVERS)!r})
from padded_threads import Client, Server, main

with open({str(self.folder / "starts")!r}, "a+") as log:
    log.write("x")
    log.seek(0)
    starts = len(log.read())
{at_start}
read = 0

class Mortal(Client):
    def frames(self):
        global read
        for frame in super().frames():
            read += 1
            if read > {dies_after}:
                os._exit(1)
            yield frame

main(Server(Mortal))
""")

    def test_what_fails_uncut_is_no_matter_of_segments(self):
        outcome = self.split(
            self.refserver("--fault", "text-comes-back"), "--only", "say.broadcast",
            "--only", "list.private", "--budget", "5s")
        splitting = outcome.report["splitting"]
        self.assertEqual(0, outcome.status, outcome)
        self.assertIn("say.broadcast", splitting["failingUncut"])
        self.assertEqual([], splitting["breaks"])
        self.assert_says(outcome, "fail as they are", "no cut broke anything")
        # Where nothing holds, nothing was shown.
        nothing = self.split(
            self.foreign("degenerate", "mute"), "--only", "list.private", "--timeout", "300ms")
        self.assertEqual(1, nothing.status, nothing)
        self.assert_says(nothing, "nothing was cut: no case holds uncut")

    def test_a_budget_is_kept_and_what_it_left_out_is_said(self):
        outcome = self.split(self.refserver(), "--budget", "15s")
        self.assertLess(outcome.seconds, 60)
        self.assertEqual("budget", outcome.report["splitting"]["ending"])
        self.assertLess(outcome.report["splitting"]["tried"], outcome.report["splitting"]["planned"])
        self.assert_says(outcome, "the time that was given is over (--budget)")
        self.assertGreater(outcome.report["splitting"]["tried"], 0)

    def test_a_step_that_hangs_does_not_exceed_a_budget(self):
        # It serves five messages and then says nothing more, where a step may wait for a minute.
        line = self.inline(
            f"""
import sys, time
sys.path.insert(0, {str(SERVERS)!r})
from padded_threads import Client, Server, main

read = 0

class Falls(Client):
    def frames(self):
        global read
        for frame in super().frames():
            read += 1
            if read > 5:
                time.sleep(600)
            yield frame

main(Server(Falls))
""")
        outcome = self.split(
            line, "--only", "say.*", "--jobs", "1", "--timeout", "60s", "--budget", "4s")
        self.assertLess(outcome.seconds, 25)
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual("budget", outcome.report["splitting"]["ending"])
        self.assertNotEqual([], outcome.report["splitting"]["neverRun"], outcome)

    def test_a_server_that_reads_whole_messages_only_is_said_to_do_so(self):
        outcome = self.split(
            self.foreign("padded_whole_frames"), "--only", "list.private", "--budget", "4s")
        self.assertEqual(0, outcome.status, outcome)
        self.assert_says(outcome, "leaves parts of messages unread: cuts cannot be proven there")

    def test_a_small_budget_is_for_cuts_and_names_what_was_never_run(self):
        outcome = self.split(self.refserver(), "--budget", "4s")
        self.assertEqual(0, outcome.status, outcome)
        splitting = outcome.report["splitting"]
        self.assertGreater(splitting["tried"], 0)
        # Cases that were never run would have been cut, too; a fast machine has run them all.
        self.assertGreater(splitting["planned"], 20_000)
        self.assert_says(
            outcome, f"no cut broke anything in {splitting['tried']} of {splitting['planned']}")
        if splitting["neverRun"]:
            self.assert_says(outcome, "cases were not run at all", splitting["neverRun"][0])
        broken = self.split(self.foreign("padded_recv_is_message"), "--budget", "15s")
        self.assertEqual(1, broken.status, broken)
        self.assertNotEqual([], broken.report["splitting"]["breaks"], broken)

    def test_a_budget_that_is_over_before_anything_was_cut_is_no_success(self):
        slow = self.counting_server("import time; time.sleep(1.2)")
        outcome = self.split(slow, "--only", "list.private", "--budget", "1s")
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual(0, outcome.report["splitting"]["tried"])
        self.assert_says(outcome, "nothing was cut: the time that was given (--budget 1")

    def test_a_plan_that_cuts_nothing_is_told(self):
        outcome = self.launched(self.refserver(), "--only", "list.private", "--split", "utf8")
        self.assertEqual(0, outcome.status, outcome)
        self.assert_says(outcome, "--split utf8 has cut and joined nothing")
        cut = self.launched(self.refserver(), "--only", "list.private", "--split", "at:1")
        self.assertNotIn("has cut and joined nothing", cut.said)

    def test_the_same_seed_has_the_same_messages_under_every_plan(self):
        def sent(*words):
            folder = self.folder / "-".join(("plan", *words)).replace(":", "")
            outcome = self.conformance(
                "run", "padded", "--launch", self.refserver(), "--only", "say.broadcast",
                "--seed", "258411", "--transcripts", "all", "--report", str(folder), *words,
                report=folder / "report.json")
            self.assertEqual(0, outcome.status, outcome)
            return [
                [entry["payload"] for entry in scenario["transcript"]["entries"]
                 if entry["event"] == "said"]
                for scenario in outcome.report["scenarios"]]
        whole = sent()
        self.assertTrue(whole[0])
        self.assertEqual(whole, sent("--split", "at:7"))
        self.assertEqual(whole, sent("--split", "straddle"))

    def test_the_report_on_standard_output_is_the_report_in_the_file(self):
        outcome = self.split(self.refserver(), "--json", "--only", "list.private", "--budget", "3s")
        self.assertEqual(outcome.report, json.loads(outcome.output))

    def test_a_server_that_runs_already_is_cut_too(self):
        server = self.start(self.refserver())
        folder = self.folder / "target"
        outcome = self.conformance(
            "split", "padded", "--target", server.target, "--only", "say.broadcast", "--budget", "6s",
            "--report", str(folder), report=folder / "report.json")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual([], problems_of_report(outcome.report_path))
        self.assertGreater(outcome.report["splitting"]["tried"], 10)

    def test_one_form_alone_is_cut(self):
        outcome = self.launched(
            self.refserver(), "--only", "say.broadcast", "--split", "bytes", "--split-form", "text")
        self.assertEqual(0, outcome.status, outcome)
        cuts = outcome.report["coverage"]["cuts"]
        self.assertEqual(["text"], [cut["form"] for cut in cuts])
        self.assertEqual("text", outcome.report["options"]["splitForm"])
        wrong = self.conformance(
            "run", "padded", "--launch", self.refserver(), "--split", "bytes",
            "--split-form", "txt")
        self.assertEqual(2, wrong.status, wrong)
        self.assert_says(wrong, "did you mean text?")
        alone = self.conformance(
            "run", "padded", "--launch", self.refserver(), "--split-form", "text")
        self.assertEqual(2, alone.status, alone)

    def test_a_pace_that_proves_nothing_says_so(self):
        outcome = self.launched(
            self.refserver(), "--only", "say.broadcast", "--split", "every:20", "--pace", "acked")
        self.assertEqual(0, outcome.status, outcome)
        planned, proven = outcome.cuts
        self.assertGreater(planned, 0)
        self.assertEqual(0, proven)
        self.assert_says(outcome, "no cut is proven")


if __name__ == "__main__":
    unittest.main()
