# SPDX-License-Identifier: Apache-2.0
"""The reference server as the clients of the field meet it. (What it does as a process, and on
each connection, is in the tests of its module.)"""

import contextlib
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import unittest

from support import BIN, ProgramTest


def padded(text):
    return text.ljust(200)


class Client:
    """A client as students write it: blocking, one recv loop, a line feed before the padding."""

    def __init__(self, port, name):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.say(name)

    def say(self, text):
        self.socket.sendall(padded(f"{text}\n").encode())

    def hear(self):
        message = b""
        while len(message) < 200:
            chunk = self.socket.recv(200 - len(message))
            if not chunk:
                raise EOFError(f"the connection ended after {message!r}")
            message += chunk
        return message.decode().rstrip()

    def at_rest(self):
        """Waits until the server has done all that was said, by asking it for an error."""
        self.say("/rest")
        return self.hear()


class Refserver(ProgramTest):
    def client(self, server, name):
        client = Client(server.port, name)
        self.addCleanup(client.socket.close)
        return client

    def test_clients_that_pad_a_line_feed_talk(self):
        server = self.start(self.refserver())
        alice, bob = self.client(server, "alice"), self.client(server, "bob")
        alice.say("/create tea")
        self.assertTrue(alice.at_rest().startswith("/rest is not a valid control message."))
        bob.say("/join tea")
        self.assertEqual("bob has joined", alice.hear())
        alice.say("hello  bob")
        self.assertEqual("[alice] hello  bob", bob.hear())
        bob.say("/list")
        self.assertEqual("tea", bob.hear())
        bob.say("/join coffee")
        self.assertEqual("No channel named coffee exists. Try '/create coffee'?", bob.hear())
        bob.socket.close()
        self.assertEqual("bob has left", alice.hear())

    def test_a_pipe_that_sends_all_and_closes_gets_all_its_answers(self):
        # As `nc` does with a file for its input.
        server = self.start(self.refserver())
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as pipe:
            script = ["carol", "/create a", "/create b", "/list", "/nothing", "talk", "/join"]
            pipe.sendall("".join(map(padded, script)).encode())
            pipe.shutdown(socket.SHUT_WR)
            with pipe.makefile("rb") as stream:
                answer = stream.read()
        texts = [answer[at:at + 200].decode().rstrip(" ") for at in range(0, len(answer), 200)]
        self.assertEqual([
            "a\nb",
            "/nothing is not a valid control message."
            " Valid messages are /create, /list, and /join.",
            "/join command must be followed by the name of a channel to join.",
        ], texts)
        self.assertEqual(3 * 200, len(answer))

    def test_each_signal_that_asks_it_to_end_ends_it_with_status_0_while_clients_are_there(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                server = self.start(self.refserver())
                self.assertEqual(f"listening on 127.0.0.1:{server.port}", server.line)
                client = self.client(server, "dave")
                client.at_rest()
                client.socket.sendall(b"half a frame")
                self.assertEqual(0, server.end(number))
                with self.assertRaises((EOFError, ConnectionResetError)):
                    client.hear()
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", server.port), timeout=20)

    def test_mistakes_on_its_command_line_are_usage_errors(self):
        cases = {
            (): "usage: refserver",
            ("paded", "0"): "did you mean padded?",
            ("padded",): "<port>",
            ("padded", "port"): "port",
            ("padded", "65536"): "65535",
            ("padded", "0", "--bindd", "::1"): "did you mean --bind?",
            ("padded", "0", "--bind", "localhost.invalid"): "--bind",
            ("padded", "0", "--fault", "each-read-is-a-fram"): "--fault list",
        }
        for words, phrase in cases.items():
            with self.subTest(words):
                outcome = self.run_program(*words, program="refserver", seconds=20)
                self.assertEqual(2, outcome.status, outcome)
                self.assertEqual(b"", outcome.output)
                self.assert_says(outcome, phrase)

    def test_a_port_in_use_is_named_with_its_address(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            outcome = self.run_program("padded", str(port), program="refserver", seconds=20)
        self.assertEqual(1, outcome.status, outcome)
        self.assertEqual(b"", outcome.output)
        self.assert_says(outcome, f"127.0.0.1:{port}", "in use")

    def test_it_goes_on_when_nobody_reads_its_log(self):
        process = subprocess.Popen(
            [str(BIN / "refserver"), "padded", "0", "--log-level", "debug"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with contextlib.ExitStack() as stack:
            stack.enter_context(process)
            stack.callback(process.kill)
            port = int(process.stdout.readline().rpartition(b":")[2])
            process.stdout.close()
            process.stderr.close()
            client = Client(port, "erin")
            stack.callback(client.socket.close)
            for _ in range(100):
                self.assertTrue(client.at_rest().startswith("/rest is not"))
            process.terminate()
            self.assertEqual(0, process.wait(20))


class DatabaseFile(ProgramTest):
    """The file in which `channels` keeps everything."""

    protocol = "channels"

    def setUp(self):
        super().setUp()
        self.place = self.folder / "place"
        self.place.mkdir()
        self.file = self.place / "chat.db"

    def served(self):
        return self.start(self.refserver("--database", str(self.file)))

    def refusal(self, **options):
        words = [str(BIN / "refserver"), "channels", "0", "--database", str(self.file)]
        done = subprocess.run(words, capture_output=True, timeout=60, check=False, **options)
        self.assertNotEqual(0, done.returncode)
        return done.stderr.decode()

    def test_it_is_made_for_its_owner_alone_with_all_that_is_beside_it(self):
        self.served()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in self.place.iterdir()}
        self.assertEqual({0o600}, set(modes.values()), modes)
        self.assertIn("chat.db-wal", modes)

    def test_one_that_others_may_read_already_stays_so(self):
        self.file.touch()
        self.file.chmod(0o644)
        self.served()
        self.assertEqual(0o644, stat.S_IMODE(self.file.stat().st_mode))

    def test_in_a_folder_that_may_not_be_written_to_the_folder_is_blamed(self):
        self.served().end(signal.SIGTERM)
        self.folder.chmod(0o755)
        self.file.chmod(0o666)
        self.place.chmod(0o555)
        self.addCleanup(self.place.chmod, 0o755)
        other = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
        self.assertIn("its folder may not be written to", self.refusal(**other))

    def test_one_of_ours_that_has_no_version_is_told_of(self):
        self.served().end(signal.SIGTERM)
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA user_version = 0")
        self.assertIn("has tables of this program but no version", self.refusal())


if __name__ == "__main__":
    unittest.main()
