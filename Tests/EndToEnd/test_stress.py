# SPDX-License-Identifier: Apache-2.0
"""`splitclient stress` against the reference server, right and with faults, and against servers
that do one thing wrong to one message in many."""

import contextlib
import json
import os
import pty
import resource
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import types
import unittest
from pathlib import Path

from support import ROOT, ProgramTest, finish, wait_until

# What a server is started with beside its protocol, and how many clients it takes.
SERVERS = {
    "padded": "",
    "hello": "--capacity 64",
    "json": "",
    "callback": "{users}",
    "channels": "--password-cost min",
}

SCHEMA = ROOT / "specs" / "schema" / "stress.schema.json"

VALIDATE = """
import json, sys
from jsonschema import Draft202012Validator as Validator
schema, reports = [json.load(open(path, encoding="utf-8")) for path in sys.argv[1:]]
Validator.check_schema(schema)
for report in reports:
    for error in Validator(schema).iter_errors(report):
        print(error.json_path, error.message)
        sys.exit(1)
print("valid")
"""

# How many deliveries a run with nothing but default options makes, at the least.
DELIVERIES = {"padded": 9000, "hello": 1000, "json": 10000, "callback": 1000, "channels": 10000}

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def listens(port):
    """Asked of the kernel: a connection would be a client's."""
    address = f"0100007F:{port:04X} 00000000:0000 0A"
    everywhere = f"00000000:{port:04X} 00000000:0000 0A"
    table = Path("/proc/net/tcp").read_text(encoding="ascii")
    return address in table or everywhere in table


class StressTest(ProgramTest):
    def stress(self, protocol, server, *words, status=0):
        """Runs it, and gives back its report."""
        users = ("--users", str(self.users_file())) if protocol == "callback" else ()
        outcome = self.run_program(
            "stress", protocol, "127.0.0.1", str(server.port), "--json", *users, *words, program="splitclient", seconds=120)
        self.assertEqual(status, outcome.status, outcome)
        self.assert_harmless(outcome.output + outcome.errors)
        return json.loads(outcome.output)

    def test_reports_are_valid(self):
        fine = self.stress("hello", self.serve("hello"), "--messages", "3", "--cut", "bytes")
        server = self.serve("padded", "--fault", "delivers-twice")
        wrong = self.stress("padded", server, "--messages", "3", "--cut", "at:7", status=1)
        self.assertGreater(len(wrong["findings"]), 0)
        server = self.altered("says_too_much", "hello", "junk")
        unasked = self.stress("hello", server, "--messages", "20", status=1)
        self.assertGreater(unasked["wrong"]["unasked"], 0)
        unmade = self.stress("hello", self.serve("hello"), "--connections", "70", status=1)
        file = self.folder / "reports.json"
        file.write_text(json.dumps([fine, wrong, unasked, unmade]), encoding="utf-8")
        # Debian's module serves Debian's interpreter; another python3 may have its own.
        done = [
            subprocess.run(
                [python, "-c", VALIDATE, str(SCHEMA), str(file)], capture_output=True, text=True,
                check=False)
            for python in ("/usr/bin/python3", sys.executable)]
        self.assertIn(("valid\n", 0), [(each.stdout, each.returncode) for each in done], done)

    def serve(self, protocol, *words):
        self.protocol = protocol
        line = " ".join([self.refserver(), SERVERS[protocol], *words])
        return self.start(line)

    def inline_server(self, source, *words):
        return self.start(self.inline(source, *words))

    def foreign_server(self, name, *words):
        """A server of Tests/Servers, which say nothing when they listen."""
        port = free_port()
        line = self.foreign(name).replace("{port}", str(port))
        process = subprocess.Popen(
            [*shlex.split(line), *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(finish, process, 20)
        self.addCleanup(process.kill)
        wait_until(lambda: listens(port), f"{name} at {port}")
        return types.SimpleNamespace(port=port)

    def test_a_right_server_of_each_protocol_passes_whatever_the_cuts(self):
        for protocol in SERVERS:
            for plan in ("bytes", "straddle", "coalesce:3", "random:5", "utf8"):
                with self.subTest(protocol=protocol, plan=plan):
                    report = self.stress(
                        protocol, self.serve(protocol), "--connections", "6", "--messages", "9",
                        "--cut", plan, "--text", "unicode")
                    self.assertEqual(54, report["sent"])
                    self.assertEqual(report["expectedDeliveries"], report["deliveries"])
                    self.assertEqual(0, sum(report["wrong"].values()))
                    self.assertGreater(report["deliveries"], 0)
                    cuts = report["cuts"]
                    self.assertEqual(cuts["planned"], cuts["proven"])
                    if not plan.startswith("coalesce"):
                        self.assertGreater(cuts["planned"], 0)

    def test_right_servers_of_others_lose_nothing_whatever_their_threads_do(self):
        users = str(self.users_file())
        cases = [
            ("padded", "padded_threads", ()), ("hello", "hello_asyncio", ()),
            ("json", "json_threads", ()), ("callback", "callback_threads", (users,))]
        for protocol, name, words in cases:
            for cut in ((), ("--cut", "random:3")):
                with self.subTest(server=name, cut=cut):
                    report = self.stress(
                        protocol, self.foreign_server(name, *words), "--connections", "10",
                        "--messages", "40", *cut)
                    self.assertEqual(report["expectedDeliveries"], report["deliveries"])

    def test_uncut_with_a_window(self):
        for protocol in SERVERS:
            with self.subTest(protocol=protocol):
                report = self.stress(
                    protocol, self.serve(protocol), "--connections", "12", "--group", "4",
                    "--messages", "200", "--window", "16")
                self.assertEqual(2400, report["sent"])
                self.assertEqual(report["deliveries"], report["latency"]["count"])
                self.assertEqual(
                    report["deliveries"],
                    sum(row["count"] for row in report["latency"]["histogram"]))

    def test_a_seed_repeats_the_texts_and_the_cuts(self):
        def once():
            report = self.stress(
                "json", self.serve("json"), "--connections", "3", "--messages", "20",
                "--cut", "random:9", "--seed", "7", "--text", "unicode")
            return report["cuts"], report["replay"].rpartition("--seed ")[2]

        self.assertEqual(once(), once())

    def test_hundreds_of_connections(self):
        report = self.stress(
            "padded", self.serve("padded"), "--connections", "400", "--group", "20",
            "--messages", "10")
        self.assertEqual(400 * 10 * 19, report["deliveries"])

    def test_a_thousand_connections_at_once_whatever_the_cuts(self):
        cases = [
            ("padded", "at:7,-7", "", 2, 9), ("hello", "every:7", "--capacity 1000", 3, 1),
            ("hello", "bytes", "--capacity 1000", 1, 1)]
        for protocol, plan, arguments, messages, receivers in cases:
            with self.subTest(protocol=protocol, plan=plan):
                self.protocol = protocol
                server = self.start(f"{self.refserver()} {arguments}")
                report = self.stress(
                    protocol, server, "--connections", "1000", "--messages", str(messages), "--cut",
                    plan)
                self.assertEqual(1000 * messages * receivers, report["deliveries"])
                cuts = report["cuts"]
                self.assertGreaterEqual(cuts["proven"], cuts["planned"] * 0.99)

    def test_faults_of_each_protocol_are_found(self):
        cases = [
            ("padded", "loses-every-40th-delivery", "lost", ()),
            ("padded", "delivers-twice", "duplicated", ()),
            ("padded", "swaps-two-texts", "reordered", ()),
            ("padded", "text-goes-everywhere", "astray", ("--group", "5")),
            ("padded", "loses-coalesced-frames", "lost", ("--cut", "coalesce:2")),
            ("hello", "loses-every-40th-delivery", "lost", ()),
            ("hello", "doubles-every-40th-delivery", "duplicated", ()),
            ("hello", "swaps-two-texts", "reordered", ()),
            ("hello", "send-goes-to-all", "astray", ()),
            ("json", "loses-every-40th-delivery", "lost", ()),
            ("json", "delivers-twice", "duplicated", ()),
            ("json", "swaps-two-texts", "reordered", ()),
            ("json", "loses-backslashes", "corrupted", ()),
            ("callback", "doubles-every-40th-delivery", "duplicated", ()),
            ("callback", "to-goes-to-all", "astray", ()),
            ("channels", "loses-every-40th-message", "lost", ()),
            ("channels", "doubles-every-40th-message", "duplicated", ()),
            ("channels", "swaps-two-texts", "reordered", ()),
            ("channels", "tells-everyone", "astray", ("--group", "5")),
        ]
        for protocol, fault, kind, words in cases:
            with self.subTest(protocol=protocol, fault=fault):
                report = self.stress(
                    protocol, self.serve(protocol, "--fault", fault), "--connections", "10",
                    "--messages", "12", *words, status=1)
                self.assertGreater(report["wrong"][kind], 0, report["wrong"])
                self.assertIn(kind, {finding["kind"] for finding in report["findings"]})

    def altered(self, name, protocol, *words):
        """One of the servers that are right but for one thing."""
        arguments = {"callback": ["{users}"], "channels": ["--password-cost", "min"]}
        words = [protocol, *words, *arguments.get(protocol, [])]
        return self.start(" ".join([self.foreign(name), *words]))

    def rarely_wrong(self, protocol, what, number):
        return self.altered("rarely_wrong", protocol, what, str(number))

    def test_what_nobody_asked_for_is_found_also_when_all_is_said(self):
        cases = {
            "padded": ["text", "junk", "empty", "answer", "left", "joined", "interjection",
                       "last-word", "half-a-word"],
            "hello": ["text", "junk", "empty", "answer", "confirmation", "interjection"],
            "json": ["text", "junk", "interjection", "last-word", "half-a-word"],
            "callback": ["junk", "empty", "answer", "confirmation"],
            "channels": ["text", "junk", "answer", "interjection"],
        }
        kinds = {"text": "duplicated", "last-word": "duplicated"}
        for protocol, defects in cases.items():
            for what in defects:
                with self.subTest(protocol=protocol, what=what):
                    server = self.altered("says_too_much", protocol, what)
                    report = self.stress(protocol, server, "--messages", "20", status=1)
                    wrong = {name: count for name, count in report["wrong"].items() if count}
                    self.assertEqual({kinds.get(what, "unasked"): 1}, wrong, report["findings"])

    def test_who_ends_a_connection_late_never_or_with_a_word_is_right(self):
        cases = [
            (protocol, what) for protocol in ("padded", "json") for what in ("stays", "farewell")]
        for protocol, what in [*cases, ("hello", "farewell"), ("callback", "nothing")]:
            with self.subTest(protocol=protocol, what=what):
                server = self.altered("says_too_much", protocol, what)
                report = self.stress(protocol, server, "--messages", "20")
                self.assertEqual(report["expectedDeliveries"], report["deliveries"])

    def test_one_wrong_delivery_among_thousands_is_found_and_nothing_else(self):
        kinds = {
            "lose": "lost", "double": "duplicated", "reorder": "reordered", "damage": "corrupted"}
        for protocol, deliveries in DELIVERIES.items():
            for what, kind in kinds.items():
                with self.subTest(protocol=protocol, what=what):
                    server = self.rarely_wrong(protocol, what, deliveries * 2 // 3)
                    report = self.stress(protocol, server, status=1)
                    wrong = {name: count for name, count in report["wrong"].items() if count}
                    self.assertEqual({kind: 1}, wrong)
            with self.subTest(protocol=protocol, what="nothing"):
                report = self.stress(protocol, self.rarely_wrong(protocol, "nothing", 1))
                self.assertEqual(deliveries, report["deliveries"])
                self.assertEqual(0, report["warnings"]["disagreed"])

    def test_one_in_ten_thousand_where_each_has_one_receiver(self):
        for what, kind in {"lose": "lost", "reorder": "reordered"}.items():
            with self.subTest(what=what):
                server = self.rarely_wrong("hello", what, 10_000)
                report = self.stress("hello", server, "--messages", "1200", status=1)
                wrong = {name: count for name, count in report["wrong"].items() if count}
                self.assertEqual({kind: 1}, wrong)

    def test_deliveries_that_wait_while_all_else_is_answered_are_not_lost(self):
        words = ("--connections", "4", "--messages", "50")
        for window in ("1", "8"):
            with self.subTest(window=window):
                server = self.rarely_wrong("hello", "late", 195)
                report = self.stress("hello", server, *words, "--window", window)
                self.assertEqual(200, report["deliveries"])
        with self.subTest("longer than --timeout"):
            server = self.rarely_wrong("hello", "late", 195)
            report = self.stress("hello", server, *words, "--timeout", "1s", status=1)
            self.assertGreater(report["wrong"]["lost"], 0)

    def test_who_hears_another_order_than_others_is_named_and_does_not_fail(self):
        server = self.serve("json", "--fault", "every-second-client-hears-another-order")
        report = self.stress("json", server)
        self.assertGreater(report["warnings"]["disagreed"], 0)
        self.assertEqual("disagreed", report["findings"][0]["kind"])
        self.assertRegex(report["findings"][0]["behind"], "^message [0-9]+ of u")
        outcome = self.run_program(
            "stress", "json", "127.0.0.1", str(server.port), program="splitclient", seconds=60)
        self.assertEqual(0, outcome.status, outcome)
        self.assert_says(outcome, "WARNING:", "disagreed: message", ", which heard message")

    def test_a_finding_names_its_cut_and_the_line_that_repeats_it(self):
        server = self.serve("padded", "--fault", "loses-every-40th-delivery")
        outcome = self.run_program(
            "stress", "padded", "127.0.0.1", str(server.port), "--messages", "12", "--cut",
            "at:3,-7", "--seed", "5", program="splitclient", seconds=60)
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(
            outcome, "WRONG: 27 lost", "cut at 3, 193", "again with the same texts and cuts:",
            f"splitclient stress padded 127.0.0.1 {server.port} --connections 10 --messages 12 "
            "--cut at:3,-7", "--seed 5")

    def test_a_server_that_closes_while_they_talk(self):
        process, output, terminal = self.watched("--messages", "1000000")
        self.progress(terminal, until=b"messages sent")
        self.server.end()
        self.assertEqual(1, finish(process, 20))
        output.seek(0)
        report = output.read()
        self.assertRegex(report, rb"WRONG: [\d,]+ disconnected\n")

    def test_who_is_not_let_in(self):
        server = self.serve("hello")
        outcome = self.run_program(
            "stress", "hello", "127.0.0.1", str(server.port), "--connections", "70",
            program="splitclient", seconds=60)
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(outcome, 'client 65 of 70 is not let in: the server says "BUSY"')

    def test_a_program_that_reads_reports_is_told_why_there_was_no_talk(self):
        report = self.stress("hello", self.serve("hello"), "--connections", "70", status=1)
        self.assertIn('client 65 of 70 is not let in: the server says "BUSY"', report["failure"])
        self.assertEqual((0, 0), (report["sent"], report["deliveries"]))
        nobody = types.SimpleNamespace(port=1)
        report = self.stress("padded", nobody, "--connections", "3", status=3)
        self.assertIn("cannot connect to 127.0.0.1:1", report["failure"])

    def watched(self, *words):
        """Starts it with a terminal for its progress: the process, its output, the terminal."""
        self.server = server = self.serve("padded")
        output = tempfile.TemporaryFile()
        self.addCleanup(output.close)
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = self.begin(
            "stress", "padded", "127.0.0.1", str(server.port), *words, program="splitclient",
            stdout=output, stderr=theirs, env={"TERM": "xterm"})
        os.close(theirs)
        return process, output, ours

    def progress(self, terminal, until=None):
        """What is shown on the terminal, to its end, or until it says something."""
        said = b""
        with contextlib.suppress(OSError):  # EIO: the terminal has no other end any more.
            while until is None or until not in said:
                said += os.read(terminal, 65536)
        return said

    def test_a_person_sees_how_far_it_is(self):
        process, _, terminal = self.watched("--messages", "3000")
        said = self.progress(terminal)
        self.assertEqual(0, finish(process, 60))
        self.assertRegex(said, rb"[\d,]+ of 30,000 messages sent, [\d,]+ deliveries/s, 0 wrong")
        self.assertTrue(said.endswith(b"\r\x1b[K"), said[-80:])

    def test_an_interrupt_ends_it_with_a_report(self):
        process, output, terminal = self.watched("--messages", "1000000")
        self.progress(terminal, until=b"messages sent")
        process.send_signal(signal.SIGINT)
        self.assertEqual(130, finish(process, 20))
        output.seek(0)
        self.assertIn(b"1,000,000 messages each (interrupted)", output.read())

    def test_a_report_that_is_lost_is_no_success(self):
        server = self.serve("padded")
        with open("/dev/full", "wb") as full:
            process = self.begin(
                "stress", "padded", "127.0.0.1", str(server.port), "--messages", "2",
                program="splitclient", stdout=full, stderr=subprocess.PIPE)
            _, said = process.communicate(timeout=60)
        self.assertEqual(1, process.returncode)
        self.assertIn(b"standard output cannot be written; what was printed is lost", said)

    def test_too_few_descriptors_are_told_before_anybody_connects(self):
        server = self.serve("padded")
        outcome = self.run_program(
            "stress", "padded", "127.0.0.1", str(server.port), "--connections", "100",
            program="splitclient", seconds=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.assertEqual(3, outcome.status, outcome)
        self.assert_says(outcome, "100 clients need 132 open files, and this process may have 64",
                         "ulimit -n 132")

    def test_nobody_to_connect_to_and_wrong_usage(self):
        cases = [
            (3, ("padded", "127.0.0.1", "1"), "cannot connect to 127.0.0.1:1"),
            (2, ("paded", "127.0.0.1", "1"), "expected is padded, hello, json, callback"),
            (2, ("callback", "127.0.0.1", "1"), "callback needs --users FILE"),
            (2, ("padded", "127.0.0.1", "1", "--size", "188"), "a whole number from 16 to 187"),
            (2, ("padded", "127.0.0.1", "1", "--cut", "pairs"), "a family of plans"),
            (2, ("padded", "127.0.0.1", "1", "--pace", "1ms"), "nothing is cut: add --cut PLAN"),
        ]
        for status, words, sentence in cases:
            with self.subTest(words=words):
                outcome = self.run_program("stress", *words, program="splitclient", seconds=20)
                self.assertEqual(status, outcome.status, outcome)
                self.assert_says(outcome, sentence)


if __name__ == "__main__":
    unittest.main()
