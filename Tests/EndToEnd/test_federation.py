# SPDX-License-Identifier: Apache-2.0
"""Servers of `channels` that federate: with a peer in Python, and with each other."""

import shlex
import signal
import socket
import sys
import time
import unittest

from support import SERVERS, ProgramTest, Ready, wait_until

sys.path.insert(0, str(SERVERS))

from channels_peer import Peer  # noqa: E402

# Habits of `channels_federates.py` that no requirement forbids: a suite that finds fault with one
# of them is wrong. Several stand in one server, where they do not hide each other.
ALLOWED = [
    ["hosted-lists", "to-host", "unsorted", "say-granted", "history-first", "replaces-list"],
    ["channels-late", "new-late", "say-granted-plain", "history-again", "keeps-list"],
    ["confirm-late", "say-unanswered", "forgets", "new-on-all-links", "name-by-address"]]

# Habits that no requirement forbids at level M, what is said of them, and where that is looked for:
# by the runner that connects, or by the one that launches the server and is connected to.
WITH_FORMS = [f"fed.{letter}*" for letter in "cejlnrs"] + ["fed.framing-*"]
FORMS = [
    (["answers-with-host", "channel-plain", "host-with-port"],
     {"fed.join-answer-form", "fed.recv-form", "fed.list-form"}, WITH_FORMS),
    (["answers-plain", "sender-plain", "asks-with-host", "echo-with-host", "no-list-accepted"],
     {"fed.join-answer-form", "fed.recv-form", "fed.channels-both"}, WITH_FORMS),
    (["self-with-port"], set(), ["fed.e*", "fed.j*", "fed.r*", "fed.s*"]),
    (["answers-only"], {"fed.new", "fed.join"},
     ["fed.list", "fed.new", "fed.join", "fed.recv", "fed.say-verbatim*", "fed.no-clash*",
      "fed.compatible-unasked*"])]
FORMS_LAUNCHED = [
    (["asks-with-host", "echo-with-host", "no-list-dialled"],
     {"fed.join-form", "fed.echo-form", "fed.channels-both"},
     ["fed.join", "fed.join-form", "fed.say", "fed.echo", "fed.echo-form", "fed.channels*"]),
    (["self-with-port"], {"fed.join-form"}, ["fed.join", "fed.join-form", "fed.say"])]

# The cases of scenarios about texts, and about two who ask at once.
REPEATED = ["repeated spaces inside"]
SPACED = ["words", "a message of a peer", "Chinese characters", *REPEATED]
UNICODE = ["Chinese characters", "characters of 2 and 4 bytes"]
ASKED = ["two channels", "one channel"]


def cases(scenario, variable, values):
    """The names of these cases of a scenario."""
    return [f"{scenario}[{variable}={value}]" for value in values]


# Defects, and what each is found by: a scenario (or a case of it), under its first requirement.
# Those of one server do not hide each other.
DEFECTS = [
    {"again-refused": ("warn", "fed.join-again.accepted"),
     "any-host-recv": ("warn", "fed.spoofing-channel"),
     "client-says-unjoined": ("warn", "fed.say-not-joined.client"),
     "creates-any-name": ("warn", "fed.names[case=a user with @]"),
     "first-entry-only": ("warn", "fed.new-two.accepted"),
     "invalid-kills": ("warn", "fed.peer-malformed.bytes"),
     "lists-need-spaces": ("warn", "fed.list-no-space.accepted"),
     "wrong-user": ("fail", "fed.recv.accepted")},
    {"anytime": ("warn", "fed.spoofing-late"),
     "double-fedrecv": ("fail", "fed.recv.accepted", "fed.echo-sent.accepted"),
     "double-recv": ("fail", "fed.recv-heard.accepted", "fed.echo.accepted"),
     "grants-all": ("fail", "fed.join-answer-none.accepted"),
     "no-fednew": ("warn", "fed.new.accepted"),
     "own-name-shown": ("warn", "fed.spoofing"),
     "unasked-recv": ("warn", "fed.compatible-unasked")},
    {"anybody-recv": ("fail", "fed.recv-heard.accepted"),
     "early-echo": ("fail", "fed.echo.accepted"),
     "no-echo": ("fail", "fed.echo-sent.accepted"),
     "optimistic-join": ("fail", "fed.join-refused.accepted"),
     "strangers": ("warn", "fed.spoofing-joins", "fed.spoofing-beside"),
     "unheard-fednew": ("fail", "fed.new-heard.accepted")},
    {"any-host-user": ("warn", "fed.spoofing"),
     "anybody-says": ("warn", "fed.say-not-joined.accepted"),
     "lists-plain": ("warn", "fed.list.accepted"),
     "recv-is-line": ("warn", "fed.framing-many"),
     "result-ignored": ("fail", "fed.join-refused.accepted"),
     "spreads-to-all": ("fail", "fed.recv-two-servers")},
    {"clash": ("fail", "fed.no-clash.accepted"),
     "no-result": ("fail", "fed.join.accepted")},
    {"forgets-guests": ("fail", "fed.recv.accepted"),
     "other-self": ("fail", "fed.say.accepted")},
    {"mute-refusal": ("fail", "fed.join-answer-none.accepted")},
    {"any-host-channel": ("warn", "fed.join-answer-elsewhere.accepted"),
     "any-list": ("warn", "fed.list-elsewhere.accepted"),
     "any-users-answer": ("fail", *cases("fed.join-answered-late.accepted", "asked", ASKED)),
     "anyone-spreads": ("fail", "fed.compatible-not-joined.accepted"),
     "asks-in-a-word": ("fail", *cases("fed.say-verbatim.sent.accepted", "text", SPACED)),
     "creates-when-asked": ("fail", "fed.join-answer-none.again.accepted"),
     "gone-takes-members": ("fail", "fed.compatible-guests-gone.accepted"),
     "hears-in-a-word": ("fail", *cases("fed.recv-verbatim.accepted", "text", SPACED)),
     "history-plain": ("fail", "fed.no-clash-history.accepted"),
     "listed-is-taken": ("fail", "fed.no-clash-create.accepted"),
     "nowhere-is-here": ("warn", "fed.unknown-host.local"),
     "plain-is-own": ("fail", "fed.no-clash-sender.accepted"),
     "takes-in-a-word": ("fail", *cases("fed.say-verbatim.accepted", "text", SPACED)),
     "tells-in-a-word": ("fail", *cases("fed.recv-verbatim.sent.accepted", "text", SPACED)),
     "unasked-channel": ("warn", "fed.compatible-unasked.channel")},
    {"any-peers-answer": ("fail", "fed.join-other-peer.accepted"),
     "asks-in-ascii": ("fail", *cases("fed.say-verbatim.sent.accepted", "text", UNICODE)),
     "asks-single-spaced": ("fail", *cases("fed.say-verbatim.sent.accepted", "text", REPEATED)),
     "creates-when-told": ("fail", "fed.no-clash-create.accepted"),
     "hears-in-ascii": ("fail", *cases("fed.recv-verbatim.accepted", "text", UNICODE)),
     "hears-single-spaced": ("fail", *cases("fed.recv-verbatim.accepted", "text", REPEATED)),
     "refused-is-kept": ("warn", "fed.say-not-joined.later.accepted"),
     "self-unknown": ("fail", "fed.join-answer-self.accepted"),
     "takes-in-ascii": ("fail", *cases("fed.say-verbatim.accepted", "text", UNICODE)),
     "takes-single-spaced": ("fail", *cases("fed.say-verbatim.accepted", "text", REPEATED)),
     "tells-in-ascii": ("fail", *cases("fed.recv-verbatim.sent.accepted", "text", UNICODE)),
     "tells-single-spaced": ("fail", *cases("fed.recv-verbatim.sent.accepted", "text", REPEATED)),
     "to-host-unknown": ("fail", "fed.recv-to-host.accepted"),
     "unasked-answer": ("warn", "fed.compatible-unasked.result"),
     "unasked-peer": ("warn", "fed.compatible-unasked.peer")},
    {"no-confirm": ("fail", "fed.confirm")}]
DEFECTS_LAUNCHED = [
    {"first-entry-only": ("fail", "fed.new-two"),
     "lists-need-spaces": ("warn", "fed.list-no-space"),
     "lists-one": ("fail", "fed.channels-several"),
     "no-history": ("warn", "fed.end-to-end.history"),
     "no-refusal-told": ("warn", "fed.say-refused")},
    {"any-users-answer": ("fail", *cases("fed.join-answered-late", "asked", ASKED)),
     "lists-plain": ("fail", "fed.list"),
     "no-fednew": ("fail", "fed.new"),
     "plain-is-own": ("fail", "fed.no-clash-sender")},
    {"any-peers-answer": ("fail", "fed.join-other-peer"),
     "asks-in-a-word": ("fail", "fed.end-to-end.verbatim"),
     "tells-in-ascii": ("fail", *cases("fed.recv-verbatim.sent", "text", UNICODE))},
    {"mute-refusal": ("fail", "fed.join-answer-none")}]

# What is asked of a server that the runner launches: most of what it cannot ask of any address.
LAUNCHED = [
    "fed.list", "fed.new", "fed.join", "fed.say", "fed.recv", "fed.echo", "fed.end-to-end"]

PATIENCE = 20.0
NO_FEDERATION = "the server under test does not offer 'peersFile': it does not federate"


class Client:
    """A client that is logged in; it tells what came, line by line."""

    def __init__(self, test, place, name, register=True):
        self.name = name
        self.connection = socket.create_connection(place, PATIENCE)
        test.addCleanup(self.connection.close)
        self.lines = self.connection.makefile("r", encoding="utf-8", newline="\n")
        test.addCleanup(self.lines.close)
        if register:
            assert self.ask(f"REGISTER {name} pw") == "RESULT REGISTER 1"
        assert self.ask(f"LOGIN {name} pw") == "RESULT LOGIN 1"

    def send(self, line):
        self.connection.sendall(line.encode() + b"\n")

    def next(self):
        return self.lines.readline().rstrip("\n")

    def ask(self, line):
        self.send(line)
        return self.next()

    def until(self, line, answer):
        """Asks until this comes, whatever comes before."""
        deadline = time.monotonic() + PATIENCE
        while (came := self.ask(line)) != answer:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: {line!r} is answered {came!r}, not {answer!r}")
            time.sleep(0.05)

    def lists(self, channel):
        wait_until(lambda: channel in self.channels(), f"{channel} in the list of {self.name}")

    def channels(self):
        return self.ask("CHANNELS").removeprefix("RESULT CHANNELS").replace(",", " ").split()


class FederationTest(ProgramTest):
    protocol = "channels"

    def address(self, number):
        """A loopback address that other tests do not use at the same time."""
        return f"127.77.{id(self) % 251 + 1}.{number}"

    def serve(self, host, port=0, peers="", *words):
        """A server at an address, told of peers; where it is."""
        with self.counting:
            self.count += 1
            file = self.folder / f"peers{self.count}.txt"
        file.write_text(peers, encoding="utf-8")
        program = [f"{self.folder}/bin/refserver", "channels", str(port), str(file), "--bind", host]
        program += ["--password-cost", "min"]
        ready = Ready([*program, *words])
        self.addCleanup(ready.end)
        ready.place = (host, ready.port)
        return ready

    def peer(self, number):
        peer = Peer(self.address(number))
        self.addCleanup(peer.close)
        return peer

    def talk_both_ways(self, server, peer):
        """Joins and talk in a channel of each, by a client here and a user there."""
        host, name = server.place[0], peer.name
        peer.create("theirs")
        peer.enter("paula", "theirs")
        carol = Client(self, server.place, "carol")
        self.assertEqual("RESULT CREATE ours 1", carol.ask("CREATE ours"))
        self.assertEqual("RESULT JOIN ours 1", carol.ask("JOIN ours"))
        wait_until(lambda: "ours" in peer.listed.get(host, ()), "FEDNEW or FEDCHANNELS")
        carol.lists(f"theirs:{name}")

        peer.say("paula", "theirs", "before carol came")
        self.assertEqual(("paula", "theirs", "before carol came"), peer.hear("paula"))
        self.assertEqual(
            f"RESULT JOIN theirs:{name} 1", carol.ask(f"JOIN theirs:{name}"))
        self.assertEqual(f"RECV paula@{name} theirs:{name} before carol came", carol.next())
        carol.send(f"SAY theirs:{name} 你好,  paula: hi")
        self.assertEqual((f"carol@{host}", "theirs", "你好,  paula: hi"), peer.hear("paula"))
        self.assertEqual(f"RECV carol theirs:{name} 你好,  paula: hi", carol.next())
        self.assertEqual(f"RESULT JOIN nothing:{name} 0", carol.ask(f"JOIN nothing:{name}"))

        self.assertFalse(peer.join("paula", "nothing", host))
        self.assertTrue(peer.join("paula", "ours", host))
        peer.say("paula", "ours", "hello from afar", host)
        self.assertEqual(f"RECV paula@{name} ours hello from afar", carol.next())
        self.assertEqual(("paula", f"ours:{host}", "hello from afar"), peer.hear("paula"))
        carol.send("SAY ours and back")
        self.assertEqual("RECV carol ours and back", carol.next())
        self.assertEqual((f"carol@{host}", f"ours:{host}", "and back"), peer.hear("paula"))
        peer.say("stranger", "ours", "not a member", host)
        self.assertEqual("RESULT CHANNELS ours, theirs:" + name, carol.ask("CHANNELS"))
        self.assertTrue(peer.hears_nothing("paula"))
        return carol

    # With a peer in Python

    def test_a_peer_that_the_server_dials(self):
        peer = self.peer(2)
        port = peer.listen()
        server = self.serve(self.address(1), 0, f"{peer.name}:{port}\n")
        wait_until(lambda: peer.link_to(server.place[0]), "the server's link")
        self.talk_both_ways(server, peer)

    def test_a_peer_that_dials_the_server(self):
        peer = self.peer(2)
        server = self.serve(self.address(1))
        peer.dial(*server.place)
        self.talk_both_ways(server, peer)

    def test_both_roles_at_once_and_one_link_that_goes(self):
        peer = self.peer(2)
        port = peer.listen()
        server = self.serve(self.address(1), 0, f"{peer.name}:{port}\n")
        wait_until(lambda: peer.link_to(server.place[0]), "the server's link")
        dialled = peer.dial(*server.place)
        carol = self.talk_both_ways(server, peer)
        dialled.close()
        carol.send(f"SAY theirs:{peer.name} still here")
        self.assertEqual((f"carol@{server.place[0]}", "theirs", "still here"), peer.hear("paula"))
        self.assertEqual(f"RECV carol theirs:{peer.name} still here", carol.next())

    def test_a_peer_that_goes_and_comes_back_is_joined_again(self):
        peer = self.peer(2)
        port = peer.listen()
        server = self.serve(self.address(1), 0, f"{peer.name}:{port}\n")
        wait_until(lambda: peer.link_to(server.place[0]), "the server's link")
        carol = self.talk_both_ways(server, peer)
        peer.close()
        carol.until(f"SAY theirs:{peer.name} anybody?", "RESULT SAY 0")
        self.assertEqual("RESULT CHANNELS ours", carol.ask("CHANNELS"))
        again = self.peer(2)
        again.create("theirs")
        again.enter("paula", "theirs")
        again.listen(port)
        carol.lists(f"theirs:{peer.name}")
        wait_until(lambda: again.channels["theirs"].remote, "carol's FEDJOIN")
        again.say("paula", "theirs", "back again")
        self.assertEqual(f"RECV paula@{peer.name} theirs:{peer.name} back again", carol.next())

    def test_the_program_echoes(self):
        script = f"{self.folder}/servers/channels_peer.py"
        peer = Ready([sys.executable, script, "0", "--bind", self.address(2), "--channel", "hall"])
        self.addCleanup(peer.end)
        server = self.serve(self.address(1), 0, f"{self.address(2)}:{peer.port}\n")
        carol = Client(self, server.place, "carol")
        hall = f"hall:{self.address(2)}"
        carol.lists(hall)
        self.assertEqual(f"RESULT JOIN {hall} 1", carol.ask(f"JOIN {hall}"))
        carol.send(f"SAY {hall} hello")
        self.assertEqual(f"RECV carol {hall} hello", carol.next())
        self.assertEqual(f"RECV echo@{self.address(2)} {hall} hello", carol.next())

    # Servers among themselves

    def three(self):
        """Three servers at addresses of their own with one port and one peers file."""
        hosts = [self.address(number) for number in (1, 2, 3)]
        port = free_port(hosts)
        peers = "".join(f"{host}:{port}\n" for host in hosts)
        databases = [self.folder / f"database{number}" for number in range(3)]

        def serve(number):
            return self.serve(hosts[number], port, peers, "--database", str(databases[number]))

        return serve, hosts

    def test_a_server_with_a_name_is_known_by_it(self):
        """The one name that every machine resolves is `localhost`."""
        other = self.address(2)
        ports = [free_port(["127.0.0.1"]), free_port([other])]
        named = self.serve(
            "127.0.0.1", ports[0], f"{other}:{ports[1]}\n", "--hostname", "localhost")
        server = self.serve(other, ports[1], f"localhost:{ports[0]}\n")
        alice = Client(self, named.place, "alice")
        bob = Client(self, server.place, "bob")
        self.assertEqual("RESULT CREATE hall 1", alice.ask("CREATE hall"))
        self.assertEqual("RESULT JOIN hall 1", alice.ask("JOIN hall"))
        bob.lists("hall:localhost")
        self.assertEqual("RESULT JOIN hall:localhost 1", bob.ask("JOIN hall:localhost"))
        bob.send("SAY hall:localhost hello")
        self.assertEqual(f"RECV bob@{other} hall hello", alice.next())
        self.assertEqual("RECV bob hall:localhost hello", bob.next())
        alice.send("SAY hall hello to you")
        self.assertEqual("RECV alice hall hello to you", alice.next())
        self.assertEqual("RECV alice@localhost hall:localhost hello to you", bob.next())

    def test_three_servers_heal_when_each_is_killed_and_started_again(self):
        serve, hosts = self.three()
        servers = [serve(number) for number in range(3)]
        clients = [Client(self, server.place, f"user{n}") for n, server in enumerate(servers)]
        self.assertEqual("RESULT CREATE hall 1", clients[0].ask("CREATE hall"))
        self.assertEqual("RESULT JOIN hall 1", clients[0].ask("JOIN hall"))
        names = ["hall", f"hall:{hosts[0]}", f"hall:{hosts[0]}"]
        for client, name in list(zip(clients, names))[1:]:
            client.lists(name)
            self.assertEqual(f"RESULT JOIN {name} 1", client.ask(f"JOIN {name}"))
        self.all_hear(clients, names, hosts, "at first")
        for victim in (1, 0, 2):
            servers[victim].end(signal.SIGKILL)
            servers[victim] = serve(victim)
            clients[victim] = Client(self, servers[victim].place, f"user{victim}", register=False)
            self.settle(clients, names)
            self.all_hear(clients, names, hosts, f"after {victim}")

    def settle(self, clients, names):
        """Everybody's words arrive at everybody, eventually; what else came meanwhile is read."""
        deadline = time.monotonic() + 40
        missing = True
        round_ = 0
        while missing:
            self.assertLess(time.monotonic(), deadline, "not all of them hear each other again")
            round_ += 1
            marks = [f"settling {n} {round_}" for n in range(len(clients))]
            for client, name, mark in zip(clients, names, marks):
                client.send(f"SAY {name} {mark}")
            time.sleep(0.2)
            missing = [
                client.name for client in clients
                if (came := self.all_that_came(client)) is not None
                and not all(any(line.endswith(mark) for line in came) for mark in marks)]

    def all_that_came(self, client):
        client.send("JOIN nowhere")
        came = []
        while (line := client.next()) != "RESULT JOIN nowhere 0":
            came.append(line)
        return came

    def all_hear(self, clients, names, hosts, words):
        for speaker, name in zip(clients, names):
            speaker.send(f"SAY {name} {words}")
            for number, (client, channel) in enumerate(zip(clients, names)):
                home = clients.index(speaker)
                who = speaker.name if home == number else f"{speaker.name}@{hosts[home]}"
                self.assertEqual(f"RECV {who} {channel} {words}", client.next(), client.name)

    # The suite

    def test_a_server_that_does_not_federate_is_skipped_with_the_reason(self):
        line = shlex.join([f"{self.folder}/bin/refserver", "channels", "{port}"])
        outcome = self.launched(line, "--only", "fed.*")
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(outcome, "nothing was judged: every scenario was skipped")
        self.assertEqual({"skipped"}, set(outcome.verdicts.values()), outcome)
        reasons = {scenario["skipped"] for scenario in outcome.report["scenarios"]}
        self.assertEqual({NO_FEDERATION}, reasons)

    def test_servers_at_one_address_are_skipped_where_two_are_needed(self):
        line = shlex.join([f"{self.folder}/bin/refserver", "channels", "{port}", "{peers}"])
        line += " --password-cost min"
        outcome = self.launched(line, "--only", "fed.end-to-end*")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual(["fed.end-to-end.peer"], outcome.ids("pass"), outcome)
        self.assertIn("bindAddress", outcome.scenarios["fed.end-to-end"]["skipped"])

    def test_a_server_that_runs_already_is_tested_by_peers_that_connect(self):
        server = self.serve(self.address(1))
        target = f"{server.place[0]}:{server.place[1]}"
        outcome = self.suite("--target", target, "--feature", "peersFile", "--only", "fed.*")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual([], outcome.bad, outcome)
        self.assertGreater(len(outcome.ids("pass")), 80, outcome)

    # The suite and a server that was written apart

    def federating(self, *words):
        """A launch line of the server in Python."""
        script = f"{self.folder}/servers/channels_federates.py"
        return shlex.join([sys.executable, script]) + " {port} {peers} --bind {host} " + shlex.join(
            words)

    def against(self, traits, only, kind="--habit", timeout="2s"):
        """The verdicts on the server in Python with these traits, at an address."""
        with self.counting:
            self.count += 1
            file = self.folder / f"nobody{self.count}.txt"
        file.touch()
        words = [word for trait in traits for word in (kind, trait)]
        script = f"{self.folder}/servers/channels_federates.py"
        ready = Ready([sys.executable, script, "0", str(file), *words])
        try:
            patterns = [word for pattern in only for word in ("--only", pattern)]
            return self.suite(
                "--target", ready.target, "--feature", "peersFile", "--capture", "none",
                "--timeout", timeout, *patterns)
        finally:
            ready.end()

    def launching(self, traits, only, kind="--habit", timeout="1s"):
        """The same, where the runner starts it; Python takes its time."""
        words = [word for trait in traits for word in (kind, trait)]
        patterns = [word for pattern in only for word in ("--only", pattern)]
        return self.launched(
            self.federating(*words), "--feature", "history", "--capture", "none",
            "--timeout", timeout, "--timeout-scale", "2", *patterns)

    def blamed(self, outcome, *verdicts):
        """The requirements that scenarios with one of these verdicts blame."""
        return {
            finding["requirement"] for scenario in outcome.report["scenarios"]
            if scenario["verdict"] in verdicts for finding in scenario["findings"]}

    def assert_well(self, outcome):
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual([], outcome.bad, outcome)

    def test_what_is_allowed_to_a_federating_server_passes_at_an_address(self):
        calls = [lambda traits=traits: self.against(traits, ["fed.*"]) for traits in [[], *ALLOWED]]
        for traits, outcome in zip([[], *ALLOWED], self.at_once(*calls, workers=2)):
            with self.subTest(traits):
                self.assert_well(outcome)
                self.assertGreater(len(outcome.ids("pass")), 100, outcome)

    def test_what_is_allowed_to_a_federating_server_passes_where_it_is_launched(self):
        traits = [*ALLOWED[0], "channels-late", "new-late", "history-again", "keeps-list"]
        self.assert_well(self.launching(traits, LAUNCHED))

    def test_a_server_that_gives_up_late_passes_where_answers_are_late_or_missing(self):
        only = ["fed.join-*", "fed.unanswered*", "fed.say-verbatim*", "fed.compatible-unasked*"]
        self.assert_well(self.against(["slow-to-give-up"], only))

    def test_other_forms_are_warned_of_and_no_more(self):
        cases = [(self.against, *case) for case in FORMS]
        cases += [(self.launching, *case) for case in FORMS_LAUNCHED]
        calls = [
            lambda judge=judge, habits=habits, only=only: judge(habits, only, timeout="1s")
            for judge, habits, _, only in cases]
        for (_, habits, expected, _), outcome in zip(cases, self.at_once(*calls)):
            with self.subTest(habits):
                self.assertEqual(0, outcome.status, outcome)
                self.assertEqual(expected, self.blamed(outcome, "warn"), outcome)

    def test_every_defect_of_a_federating_server_is_found_where_it_belongs(self):
        cases = [(self.against, case) for case in DEFECTS]
        cases += [(self.launching, case) for case in DEFECTS_LAUNCHED]

        def call(judge, defects):
            only = [name for _, *names in defects.values() for name in names]
            return judge(list(defects), only, "--defect", "1s")

        calls = [lambda case=case: call(*case) for case in cases]
        for (_, defects), outcome in zip(cases, self.at_once(*calls)):
            for defect, (verdict, *names) in defects.items():
                for name in names:
                    with self.subTest(defect, name=name):
                        self.assert_found(outcome, name, verdict)

    def assert_found(self, outcome, name, verdict):
        """The scenario has this verdict, and blames its own requirement."""
        self.assertEqual(verdict, outcome.verdicts.get(name), outcome)
        scenario = outcome.scenarios[name]
        blamed = {finding["requirement"] for finding in scenario["findings"]}
        self.assertEqual({scenario["requirements"][0]}, blamed, outcome)

    # The suite and the reference server

    def test_the_reference_server_federates_as_the_suite_asks(self):
        line = shlex.join([f"{self.folder}/bin/refserver", "channels"])
        line += " {port} {peers} --bind {host} --database {database} --password-cost min"
        outcome = self.launched(line, "--only", "fed.*", "--feature", "history", "--jobs", "2")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual([], outcome.bad, outcome)
        self.assertEqual([], outcome.ids("skipped"), outcome)

    def test_the_verdicts_do_not_depend_on_cuts(self):
        server = f"{self.folder}/bin/refserver channels {{port}} {{peers}} --bind {{host}}"
        line = server + " --database {database} --password-cost min"
        plans = ["bytes", "straddle", "coalesce:3", "random:7"]
        calls = [
            lambda plan=plan: self.launched(
                line, "--only", "fed.*", "--feature", "history", "--split", plan, "--jobs", "2")
            for plan in plans]
        for plan, outcome in zip(plans, self.at_once(*calls, workers=2)):
            with self.subTest(plan):
                self.assertEqual(0, outcome.status, outcome)
                self.assertEqual([], outcome.bad, outcome)


def free_port(hosts):
    """A port that is free at all of these addresses."""
    while True:
        with socket.socket() as first:
            first.bind((hosts[0], 0))
            port = first.getsockname()[1]
        if port < 32768:
            continue
        try:
            for host in hosts:
                with socket.socket() as other:
                    other.bind((host, port))
        except OSError:
            continue
        return port


if __name__ == "__main__":
    unittest.main()
