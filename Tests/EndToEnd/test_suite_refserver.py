# SPDX-License-Identifier: Apache-2.0
"""Each whole suite against the reference server: green, however it is run."""

import contextlib
import re
import signal
import subprocess
import sys
import unittest

from support import MODERATOR, CallbackTest, ChannelsTest, JSONTest, ProgramTest, finish

GOOD = {"pass", "observed"}


def without_cut(name):
    return re.sub(r"\{[^{}]*\}$", "", name)


class AgainstRefserver:
    """The tests; a class below for each protocol says what is particular to its suite."""

    # A bound below the number of its cuts.
    fewest_cuts = 0
    # What is skipped even where each scenario has a server of its own.
    skipped = []
    # What tests of its own are about, and these servers do not offer: how its ids begin.
    elsewhere = ()
    # Scenarios, by how often each is run with the family of cuts `edges`.
    family = {}
    # Which scenarios are run with it, where all of them would take minutes.
    cut_at_edges = ()
    # Scenarios with many peers between them.
    crowd = ()
    # Whether each peer has a name of its own; accounts of a file serve one scenario after the other.
    draws_names = True
    # What a run is told of a server at an address, which has no launch line to show it.
    told = ()

    # What one run has come to, for all tests of a class.
    known = None

    def reference(self):
        """What a server that is used for all scenarios comes to, as it is run for daily work."""
        if type(self).known is None:
            outcome = self.launched(self.refserver(), "--reuse")
            self.assert_all_well(outcome)
            type(self).known = outcome.verdicts
        return self.known

    def at(self, server):
        """A run against a server that goes on running."""
        return self.suite("--target", server.target, *self.told)

    def closing(self):
        """A server that ends each connection at once."""
        return self.foreign("degenerate", "closing")

    def skipped_of(self, outcome):
        return [name for name in outcome.ids("skipped") if not name.startswith(self.elsewhere)]

    def assert_same_verdicts(self, expected, outcome):
        self.assert_all_well(outcome)
        self.assertEqual(expected, outcome.verdicts)

    def test_a_fresh_server_for_each_scenario(self):
        outcome = self.launched(self.refserver())
        self.assert_all_well(outcome)
        self.assertEqual(self.skipped, self.skipped_of(outcome))
        self.assertGreater(outcome.cuts[0], self.fewest_cuts)
        for requirement in outcome.report["coverage"]["requirements"]:
            with self.subTest(requirement["id"]):
                if "excluded" in requirement:
                    self.assertEqual([], requirement["scenarios"])
                elif not requirement["id"].startswith((*self.skipped, *self.elsewhere)):
                    self.assertIn(requirement.get("verdict"), GOOD)
        # That the machine was busy, and that a step waited for the server's own time.
        usual = ("the machine was busy", "1 step waited for the server's receiptTimeout")
        self.assertEqual([], [n for n in outcome.report["notes"] if not n.startswith(usual)])

    def test_one_server_for_all_scenarios_skips_only_what_needs_a_fresh_one(self):
        outcome = self.launched(self.refserver(), "--reuse")
        self.assert_all_well(outcome)
        for name in set(self.skipped_of(outcome)) - set(self.skipped):
            with self.subTest(name):
                self.assertIn("a server that nobody else has used", outcome.scenarios[name]["skipped"])

    def test_a_server_that_goes_on_running_three_times_in_a_row(self):
        server = self.start(self.refserver())
        runs = [self.at(server) for _ in range(3)]
        self.assert_all_well(runs[0])
        self.assertEqual({"address"}, {run.report["server"]["kind"] for run in runs})
        for run in runs[1:]:
            self.assert_same_verdicts(runs[0].verdicts, run)
        self.assertEqual(3, len({run.report["seed"] for run in runs}))
        self.assertEqual(0, server.end(signal.SIGTERM))

    def test_while_all_processors_are_busy(self):
        expected = self.reference()
        with contextlib.ExitStack() as burning:
            for _ in range(2):
                words = [sys.executable, "-c", "while True: pass", str(self.folder)]
                burner = subprocess.Popen(words, stdin=subprocess.DEVNULL)
                burning.callback(finish, burner, 10)
                burning.callback(burner.kill)
            self.assert_same_verdicts(expected, self.launched(self.refserver(), "--reuse"))
            server = self.start(self.refserver())
            self.assert_all_well(self.at(server))

    def test_under_every_cut_and_pace(self):
        expected = self.reference()
        plans = ["bytes", "straddle", "coalesce:3", "random:7:1-400", "parts:3"]
        calls = [["--split", plan] for plan in plans] + [["--pace", "1ms"]]
        for words, outcome in zip(
            calls,
            self.at_once(*(
                lambda words=words: self.launched(self.refserver(), "--reuse", *words)
                for words in calls)),
        ):
            with self.subTest(words):
                # Who only pauses between segments has seen nothing.
                self.assert_all_well(outcome, proves="--pace" not in words)
                self.assertEqual(
                    expected, {without_cut(name): v for name, v in outcome.verdicts.items()})

    def test_under_each_member_of_a_family(self):
        only = [word for glob in self.cut_at_edges for word in ("--only", glob)]
        expected = self.launched(self.refserver(), "--reuse", *only).verdicts
        outcome = self.launched(self.refserver(), "--reuse", "--split", "edges", *only)
        self.assert_all_well(outcome)
        members = {}
        for name, verdict in outcome.verdicts.items():
            members.setdefault(without_cut(name), []).append(verdict)
        self.assertEqual(expected.keys(), members.keys())
        for name, verdicts in members.items():
            self.assertEqual({expected[name]}, set(verdicts), name)
        for name, count in self.family.items():
            self.assertEqual(count, len(members[name]), name)

    def test_names_are_drawn_anew_for_each_run_and_again_for_the_same_seed(self):
        # What passes leaves no transcript; from a server that hangs up everything does.
        def names(seed):
            outcome = self.launched(
                self.closing(), "--reuse", "--seed", seed, "--timeout", "50ms",
                *(word for group in self.crowd for word in ("--only", group)))
            self.assertEqual(1, outcome.status, outcome)
            return {
                (name, link["label"]): tuple(link["name"].items())
                for name, scenario in outcome.scenarios.items() if "transcript" in scenario
                for link in scenario["transcript"]["links"]
            }

        first, second, again = names("1"), names("2"), names("1")
        self.assertGreater(len(first), 100)
        self.assertEqual(first, again)
        if self.draws_names:
            self.assertEqual(
                len(first), len(set(first.values())), "a name was used twice in one run")
        self.assertEqual(set(), set(first.values()) & set(second.values()))


class PaddedAgainstRefserver(AgainstRefserver, ProgramTest):
    fewest_cuts = 1000
    # The second has cuts of its own.
    family = {"join.announced": 9, "framing.partial[at=7]": 1}
    crowd = ("join.*", "say.*", "create.*")

    def test_a_pace_that_is_longer_than_any_wait_blames_nobody(self):
        outcome = self.launched(
            self.refserver(), "--reuse", "--timeout", "100ms", "--pace", "150ms",
            "--only", "join.announced")
        self.assertEqual([], outcome.bad, outcome)
        self.assertNotEqual([], outcome.ids("pass"))


class HelloAgainstRefserver(AgainstRefserver, ProgramTest):
    protocol = "hello"
    fewest_cuts = 200
    # It needs a server on a port of its own.
    skipped = ["launch.arguments"]
    family = {"framing.partial[at=7]": 1}
    crowd = ("login.*", "send.*", "header.*")

    def test_the_threads_of_a_launched_server_are_observed(self):
        outcome = self.launched(self.refserver(), "--only", "technical.threads")
        self.assert_says(outcome, "observed technical.threads: 1 thread")
        self.assertEqual({"technical.threads": "observed"}, outcome.verdicts)


class JSONAgainstRefserver(AgainstRefserver, JSONTest):
    fewest_cuts = 400
    family = {"framing.partial[at=7]": 1}
    cut_at_edges = ("framing.*", "login.*", "msg.*")
    crowd = ("login.*", "msg.*", "names.*")
    told = ("--feature", f"moderators={MODERATOR}")


class CallbackAgainstRefserver(AgainstRefserver, CallbackTest):
    draws_names = False
    fewest_cuts = 300
    family = {"framing.partial[at=7]": 1}
    cut_at_edges = ("framing.*", "login.*", "to.*")
    crowd = ("login.*", "to.*", "toall.*")

    def at(self, server):
        return self.suite("--target", server.target, "--users", str(self.users_file()))

    def closing(self):
        return f"sh -c 'exec {super().closing()}' {{users}}"


class ChannelsAgainstRefserver(AgainstRefserver, ChannelsTest):
    # test_federation.py: without a peers file a server does not federate.
    elsewhere = ("fed.",)
    fewest_cuts = 900
    family = {"framing.partial[at=7]": 1}
    cut_at_edges = ("framing.coalesced*", "framing.partial*", "login.ok*", "say.delivers*")
    crowd = ("login.*", "say.*", "create.*")

    def at(self, server):
        return self.suite("--target", server.target, "--feature", "database")

    def test_what_needs_the_server_s_process_is_skipped_at_an_address(self):
        server = self.start(self.refserver())
        outcome = self.at(server)
        skipped = set(outcome.ids("skipped"))
        for name in outcome.verdicts:
            if name.startswith(("durability.", "password.", "account.", "shutdown.", "launch.")):
                with self.subTest(name):
                    self.assertIn(name, skipped)
                    self.assertIn("use --launch", outcome.scenarios[name]["skipped"])


if __name__ == "__main__":
    unittest.main()
