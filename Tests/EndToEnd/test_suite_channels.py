# SPDX-License-Identifier: Apache-2.0
"""The suite of `channels` against servers with two threads for each client, on sqlite3 and scrypt.

CHATSPEC_REPEATS says how often the correct one is judged (a fifth of it; 20 by default).
"""

import json
import os
import unittest

from support import ROOT, ChannelsTest

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
         "durability.kill.users")),
    "password-beginning": (
        ["login.wrong-password[password=with a letter less]",
         "login.wrong-password[password=half of it]",
         "login.wrong-password[password=its first letter]", "login.wrong-password.long[length=56]"],
        ("login.wrong-password",)),
    "taken-logs-in": (
        [f"register.taken.outside[password={which} password]" for which in ("another", "the same")],
        ("register.taken.outside",)),
    "early-history": (["login.required.join"], ("login.required.join",)),
    "comma-at-end": (["channels.lists.separated"], ("channels.lists.separated",)),
    "first-membership": (["durability.kill.membership"], ("durability.kill.membership",)),
    "short-texts": (["say.verbatim[text=1300 letters]"], ("say.verbatim",)),
    "ascii-passwords": (
        ["login.wrong-password.characters[password=of Chinese characters]"],
        ("login.wrong-password.characters",)),
    "name-beginning": (
        ["login.unknown-user.part[user=the beginning of a name]"], ("login.unknown-user.part",)),
    "any-name": (
        ["login.unknown-user.part[user=the beginning and a percent sign]"],
        ("login.unknown-user",)),
    "channel-beginning": (
        ["join.no-such-channel[name=the beginning of a name]"], ("join.no-such-channel",)),
    "refusal-logs-out": (["say.delivers.wrong-login"], ("say.delivers.wrong-login", "login.")),
    "leaving-logs-out": (
        ["say.delivers.wrong-login-gone"],
        # Wherever the server hears of a refused one's end only after the right one's login.
        ("say.delivers.wrong-login-gone", "login.", "names.unicode")),
    "strangers-kept": (["login.required.say-kept"], ("login.required.say-kept",)),
    "again-clears": (
        [f"history.context.created-again[who={who}]" for who in ("alice", "bob")],
        ("history.context.created-again",)),
    "refused-passwords": (["password.hashed.refused"], ("password.hashed.refused",)),
}

# What ends what is needed by many others: these say so, others may be inconclusive.
BOUNDS = {
    "ten-members": ("join.ok.twelve", ["join.ok*", "say.delivers*"]),
    "thirty-accounts": ("register.ok.many", ["register.ok*"]),
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
        self.assert_passes_all_of_it(self.correct(), but=["fed."])

    def test_a_correct_server_is_never_failed_however_often(self):
        calls = [lambda: self.launched(self.correct(), "--reuse")] * REPEATS
        for number, outcome in enumerate(self.at_once(*calls)):
            with self.subTest(run=number):
                self.assert_all_well(outcome)

    def test_a_correct_server_that_takes_its_time_over_passwords_passes(self):
        slow = f"{self.foreign('channels_threads')} {{database}}"
        outcome = self.launched(slow, "--reuse", "--only", "login.*", "--only", "register.*")
        self.assertEqual([], outcome.bad)

    def test_a_correct_server_that_leaves_second_logins_and_joins_unanswered_passes(self):
        outcome = self.launched(
            f"{self.correct()} --silent-repeats", "--reuse", "--timeout", "1s",
            "--only", "login.*", "--only", "create.*", "--only", "join.*", "--only", "framing.coal*")
        self.assertEqual([], outcome.bad)

    def test_a_server_that_is_slow_to_start_again_is_not_judged_by_that(self):
        slow = "sh -c 'test -e $0 && exec sleep 60; exec \"$@\"' {database} " + self.correct()
        sut = self.folder / "slow.json"
        sut.write_text(json.dumps({"launch": slow, "startLimit": "4s"}), encoding="utf-8")
        outcome = self.suite("--sut", str(sut), "--only", "password.hashed.killed")
        self.assertEqual(["password.hashed.killed"], outcome.ids("inconclusive"))
        self.assert_says(outcome, "within 4000 ms (--timeout-scale, or startLimit")

    def test_a_server_that_ends_when_it_is_started_again_fails(self):
        ends = "sh -c 'test -e $0 && exit 3; exec \"$@\"' {database} " + self.correct()
        outcome = self.launched(ends, "--only", "password.hashed.killed")
        self.assertEqual(["password.hashed.killed"], outcome.ids("fail"))
        self.assert_says(outcome, "it exited with status 3 before it listened")

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

    def about_what_is_said(self):
        """Options for all topics but how lines come and what servers say to each other."""
        folder = ROOT / "specs" / "channels" / "scenarios"
        topics = {
            scenario["id"].partition(".")[0]
            for path in folder.glob("*.json")
            for scenario in json.loads(path.read_text(encoding="utf-8"))["scenarios"]}
        return [word for name in sorted(topics - {"framing", "fed"}) for word in ("--only", f"{name}.*")]

    def test_each_usual_defect_is_found_out_for_what_it_is(self):
        only = self.about_what_is_said()
        calls = [lambda defect=defect: self.judged(defect, *only) for defect in DEFECTS]
        for (defect, (needed, allowed)), (failed, warned) in zip(
            DEFECTS.items(), self.at_once(*calls)
        ):
            with self.subTest(defect):
                found = failed | warned
                self.assertLessEqual(set(needed), found)
                self.assertEqual(set(), {name for name in found if not name.startswith(allowed)})

    def test_a_bound_that_nothing_allows_is_found(self):
        for defect, (needed, asked) in BOUNDS.items():
            with self.subTest(defect):
                words = [word for name in asked for word in ("--only", name)]
                outcome = self.launched(self.defective(defect), *words)
                self.assertEqual([needed], outcome.ids("fail"))

    def test_a_correct_server_that_ends_connections_at_a_second_login_passes_all_of_it(self):
        self.assert_passes_all_of_it(f"{self.correct()} --ending-repeats", but=["fed."])

    def test_so_does_one_that_refuses_the_second_login_and_then_ends_the_connection(self):
        self.assert_passes_all_of_it(f"{self.correct()} --ending-repeats --refusing", but=["fed."])

    def test_a_name_that_an_earlier_run_with_the_seed_has_taken_is_no_riddle(self):
        server = self.start(self.correct())
        words = ["--target", server.target, "--only", "register.ok", "--only", "create.ok"]
        note = "without --seed they are new"
        first = self.suite(*words, "--seed", "7")
        self.assertEqual([], first.bad)
        again = self.suite(*words, "--seed", "7")
        self.assertNotEqual([], again.bad)
        self.assert_says(again, "the names may be taken", note)
        for name in again.bad:
            self.assertIn(note, again.scenarios[name]["note"])
        # What failed is run again under names that are new there.
        mended = self.suite(*words[:2], "--rerun-failed", str(again.report_path))
        self.assertEqual(sorted(again.bad), sorted(mended.verdicts))
        self.assertEqual([], mended.bad)
        self.assertNotIn(note, mended.prose)
        # A server that keeps its accounts in a file of its own knows them from its last start.
        own = f"{self.foreign('channels_threads')} {self.folder}/own --password-cost min"
        for _ in range(2):
            outcome = self.launched(own, "--only", "register.ok", "--seed", "7", "--reuse")
        self.assert_says(outcome, note)

    def test_channels_that_a_server_has_kept_are_not_taken_for_inventions(self):
        own = f"{self.foreign('channels_threads')} {self.folder}/own --password-cost min"
        for _ in range(2):
            outcome = self.launched(own, "--only", "channels.lists.*")
            self.assertEqual([], outcome.bad)

    def test_a_channel_that_nobody_made_is_found_on_a_server_that_nobody_used(self):
        outcome = self.launched(self.defective("invented-channel"), "--only", "channels.*")
        self.assertEqual(["channels.lists.fresh", "channels.lists.fresh-database"], outcome.bad)

    def test_passwords_in_a_file_beside_the_server_are_found(self):
        writes = (
            "import sys; sys.path.insert(0, %r)\n"
            "import channels_threads as plain\n"
            "class Session(plain.Session):\n"
            "    def register(self, name, password):\n"
            "        with open('users.txt', 'ab') as file: file.write(password)\n"
            "        super().register(name, password)\n"
            "plain.main(plain.argument_parser().parse_args(), Session)\n" % f"{self.folder}/servers")
        launch = self.inline(writes) + "{database} --password-cost min"
        outcome = self.launched(
            launch, "--only", "password.*", "--specs", str(ROOT / "specs"), cwd=self.folder)
        self.assertIn("password.hashed.killed", outcome.verdicts)
        self.assertEqual(["password.hashed.refused"], outcome.ids("warn"))
        failed = [name for name in sorted(outcome.verdicts) if name != "password.hashed.refused"]
        self.assertEqual(failed, outcome.ids("fail"))
        self.assert_says(outcome, "users.txt")


if __name__ == "__main__":
    unittest.main()
