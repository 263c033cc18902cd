# SPDX-License-Identifier: Apache-2.0
"""Servers that a file describes (`--sut`): the port is their own, the folder and what they offer too."""

import json
import socket
import subprocess
import unittest

from support import ROOT, ProgramTest

SCHEMA = ROOT / "specs" / "schema" / "sut.schema.json"

# For the Python that has the module: see `problems_of_report`.
IS_VALID = """
import json, sys
from jsonschema import Draft202012Validator
schema, instance = (json.load(open(path)) for path in sys.argv[1:])
print(Draft202012Validator(schema).is_valid(instance))
"""

# It takes no arguments; where it serves is written beside it.
SERVER = """
import os, sys
if len(sys.argv) > 1: sys.exit("no argument is expected")
port = open("port.txt").read()
words = [os.environ["PROGRAM"], "hello", port, *os.environ["WORDS"].split()]
os.execv(words[0], words)
"""


def free_port():
    """One that nobody has; below those that the kernel gives to clients."""
    for port in range(20_000, 32_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no port is free")


class DescribedServers(ProgramTest):
    protocol = "hello"

    def described(self, valid=True, **members):
        path = self.folder / "sut.json"
        path.write_text(json.dumps(members), encoding="utf-8")
        for python in ("/usr/bin/python3", "python3"):
            done = subprocess.run(
                [python, "-c", IS_VALID, str(SCHEMA), str(path)], capture_output=True, text=True,
                check=False)
            if done.returncode == 0:
                self.assertEqual(str(valid), done.stdout.strip())
                return str(path)
        self.fail(done.stderr)

    def own_port(self, *words):
        """A server that is started with no arguments, in the folder of its description."""
        port = free_port()
        (self.folder / "server.py").write_text(SERVER, encoding="utf-8")
        (self.folder / "port.txt").write_text(str(port), encoding="utf-8")
        return self.described(
            launch="python3 server.py", port=port,
            environment={"PROGRAM": f"{self.folder}/bin/refserver", "WORDS": " ".join(words)})

    def test_a_server_with_a_port_of_its_own_is_judged_for_that_too(self):
        outcome = self.suite("--sut", self.own_port(), "--only", "launch.*", "--only", "login.hello*")
        self.assertEqual(0, outcome.status, outcome)
        self.assertEqual("pass", outcome.verdicts["launch.arguments"])
        self.assertEqual([], outcome.ids("skipped"))
        whole = self.suite("--sut", self.own_port(), "--reuse")
        self.assert_all_well(whole)
        self.assertEqual("pass", whole.verdicts["launch.arguments"])

    def test_it_is_not_run_side_by_side_and_a_failure_names_the_file(self):
        faults = self.run_program("hello", "0", "--fault", "list", program="refserver")
        fault, requirement, _ = faults.output.decode().splitlines()[0].split("\t")
        sut = self.own_port("--fault", fault)
        outcome = self.suite("--sut", sut, "--jobs", "4", "--only", requirement, "--timeout", "500ms")
        self.assertNotEqual([], outcome.bad, outcome)
        self.assert_says(
            outcome, "--jobs 4 is taken as 1: the server has a port of its own",
            f"reproduce conformance run hello --sut {sut} --only")

    def test_somebody_else_at_its_port_is_said(self):
        sut = self.own_port()
        with socket.create_server(("127.0.0.1", int((self.folder / "port.txt").read_text()))):
            outcome = self.suite("--sut", sut, "--only", "login.*")
        self.assertEqual(3, outcome.status, outcome)
        self.assert_says(outcome, "its own, in use", "--reuse starts it once for all scenarios")

    def test_what_is_wrong_in_the_file_is_told_with_its_place(self):
        sut = self.described(
            valid=False, launch="server", prot=1, features={"capacty": "4", "rooms": 3})
        outcome = self.conformance("run", "hello", "--sut", sut)
        self.assertEqual(4, outcome.status, outcome)
        self.assert_says(
            outcome, f"{sut}:1:22: unknown key 'prot'", "did you mean 'port'?",
            "there is no feature 'capacty'", "did you mean 'capacity'?",
            "this is a number, where true or a string is due")
        for members, message in [
            ({"launch": "server"}, "the launch line has no {port}"),
            ({"launch": "server {port}", "port": 5}, "write one of them"),
            ({"launch": "a {port}", "target": "b:1"}, "exclude each other"),
            ({"target": "nowhere"}, "where HOST:PORT is due"),
            ({}, "lacks 'launch'"),
        ]:
            with self.subTest(message):
                path = self.folder / "sut.json"
                path.write_text(json.dumps(members), encoding="utf-8")
                self.assert_says(self.conformance("run", "hello", "--sut", str(path)), message)
        missing = self.conformance("run", "hello", "--sut", str(self.folder / "none.json"))
        self.assertEqual(2, missing.status, missing)
        self.assert_says(missing, "none.json: No such file or directory")
        both = self.conformance(
            "run", "hello", "--sut", self.described(target="localhost:1"), "--target", "localhost:1")
        self.assert_says(both, "--sut and --target exclude each other")

    def test_a_target_and_what_it_offers_may_stand_in_a_file(self):
        server = self.start(self.refserver("--capacity", "20"))
        sut = self.described(target=server.target, features={"capacity": "20"})
        outcome = self.suite("--sut", sut)
        self.assert_all_well(outcome)
        self.assertEqual("address", outcome.report["server"]["kind"])


if __name__ == "__main__":
    unittest.main()
