# SPDX-License-Identifier: Apache-2.0
"""`conformance split` on hello, json and callback: a recv that is no message, and what hinders."""

import unittest

from splitting import IMPATIENT, SplitTest
from support import SERVERS, CallbackTest, JSONTest


class SplitHello(SplitTest):
    protocol = "hello"

    def test_a_recv_that_is_taken_for_a_message_is_found_with_its_offset(self):
        self.assert_broken(
            self.split(
                self.foreign("hello_recv_is_message"), "--only", "send.*", "--only", "list.*",
                "--stop-after", "1", *IMPATIENT))

    def test_a_defect_of_the_second_message_alone_ends_with_form_and_offset(self):
        # One recv is one line, in the second line of a connection alone.
        line = self.inline(
            f"""
import sys
sys.path.insert(0, {str(SERVERS)!r})
from hello_asyncio import Client, Server, main

class TakesTheSecondRaw(Client):
    async def lines(self):
        count, pending = 0, b""
        while chunk := await self.reader.read(4096):
            if count == 1 and not pending:
                chunk = chunk.removesuffix(b"\\n") + b"\\n"
            *lines, pending = (pending + chunk).split(b"\\n")
            for line in lines:
                count += 1
                yield line

main(Server(TakesTheSecondRaw))
""")
        # It is the runner's question that comes second here, and the case never gets to its subject.
        outcome = self.split(line, "--only", "list.self", "--jobs", "2", *IMPATIENT)
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual([], outcome.report["splitting"]["breaks"])
        self.assertEqual(["list.self"], outcome.report["splitting"]["spared"])
        found = outcome.report["splitting"]["hindrances"][0]
        self.assertEqual([{"form": "list", "offset": 1}], found["places"], found)
        self.assertEqual(("list", "questions"), (found["form"], found["reach"]), found)
        self.assert_says(
            outcome, "HINDERED BY A CUT list.self", "'list', cut behind byte 1 (at:1)",
            found["replay"])
        self.assert_replays(found, shows="INCONCLUSIVE")
        # Where it is what a case ends with, that fails.
        outcome = self.split(
            line, "--only", "login.hello.names[name=digits]", "--jobs", "2", "--stop-after", "1",
            *IMPATIENT)
        breaks = self.assert_broken(outcome)
        self.assertEqual({("list", "questions")}, {(it["form"], it["reach"]) for it in breaks})


class SplitJSON(SplitTest, JSONTest):
    def test_a_recv_that_is_taken_for_a_message_is_found_with_its_offset(self):
        self.assert_broken(
            self.split(
                self.foreign("json_recv_is_message"), "--only", "concurrency.silent-peer*",
                "--stop-after", "1", *IMPATIENT))

    def test_a_requirement_of_level_s_that_only_a_cut_breaks_is_reported(self):
        outcome = self.split(
            self.foreign("json_recv_is_message"), "--only", "framing.extra-keys",
            "--stop-after", "1", *IMPATIENT)
        self.assertEqual(1, outcome.status, outcome)
        found = outcome.report["splitting"]["breaks"][0]
        self.assertEqual("S", found["level"], found)
        self.assertEqual("cut", found["kind"], found)
        self.assertEqual({1}, {place["offset"] for place in found["places"]}, found)
        self.assert_says(outcome, "framing.extra-keys (S) (a warning")
        # A run lets a warning pass.
        self.assert_replays(found, shows="WARN", status=0)


class SplitCallback(SplitTest, CallbackTest):
    def test_a_recv_that_is_taken_for_a_message_is_found_with_its_offset(self):
        line = self.foreign("callback_defects") + " {users} --defect recv-is-message"
        self.assert_broken(self.split(line, "--only", "toall.*", "--stop-after", "1", *IMPATIENT))

    def test_who_loses_lines_that_share_a_segment_is_broken_by_them(self):
        line = self.refserver("--fault", "loses-coalesced-lines")
        only = ("--only", "framing.coalesced.many", "--only", "framing.coalesced.split*")
        for words in ((), ("--budget", "10s")):
            with self.subTest(words):
                outcome = self.split(line, *only, *IMPATIENT, *words)
                self.assertEqual(1, outcome.status, outcome)
                found = outcome.report["splitting"]["ownBreaks"]
                self.assertIn("framing.coalesced.many", [each["case"] for each in found])
                self.assertEqual({"S"}, {each["level"] for each in found})
                self.assertEqual([], outcome.report["splitting"]["warningUncut"])
                self.assert_says(outcome, "BROKEN BY ITS OWN SEGMENTS framing.coalesced.many")
                # Explained as any failure is, with what came and its capture.
                self.assert_says(outcome, "WARN framing.coalesced.many", "what       alice received")
                shown = [
                    each for each in outcome.report["scenarios"]
                    if each["id"] == "framing.coalesced.many"][-1]
                self.assertIn("capture", shown)

    def test_what_cannot_be_sent_apart_is_undecided(self):
        # The server reads nothing behind a message until its receipt has come.
        outcome = self.split(
            self.refserver("--fault", "loses-coalesced-lines"), "--only",
            "framing.coalesced.messages", *IMPATIENT)
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual([], outcome.report["splitting"]["ownBreaks"])
        self.assertEqual(
            ["framing.coalesced.messages"], outcome.report["splitting"]["undecided"])
        self.assert_says(outcome, "inconclusive: ", "may be broken by their own segments")
        self.assert_says(outcome, "undecided  1 fail or warn as they join or cut messages")

    def test_who_is_wrong_whatever_the_segments_is_not_broken_by_them(self):
        line = self.refserver("--fault", "confirms-messages-to-nobody")
        outcome = self.split(line, "--only", "framing.coalesced.many", *IMPATIENT)
        self.assertEqual([], outcome.report["splitting"]["ownBreaks"])
        self.assertNotEqual(
            [], outcome.report["splitting"]["failingUncut"]
            + outcome.report["splitting"]["warningUncut"])


if __name__ == "__main__":
    unittest.main()
