# SPDX-License-Identifier: Apache-2.0
"""The scenario of three clients as a course's tests are usually written.

Sockets and lines, an assertion for each step, a server that is ready when connecting succeeds, which
is tried every 10 milliseconds. Nothing is wrong with it, but that small writes wait for each other
(TCP_NODELAY is not set, as it seldom is). Runs under pytest and under unittest.

CHAT_SERVER is the command that starts the server, with PORT for its port; CHAT_ROUNDS says how often
the test is run.
"""

import os
import shlex
import socket
import subprocess
import time
import unittest

PORT = 30000 + os.getpid() % 2000


class Client:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", PORT), 5)
        self.lines = self.socket.makefile("rb")

    def send(self, text):
        self.socket.sendall(text.encode())

    def close(self):
        self.lines.close()
        self.socket.close()


class ThreeClients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = os.environ["CHAT_SERVER"].replace("PORT", str(PORT))
        cls.server = subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", PORT), 1).close()
                return
            except OSError:
                time.sleep(0.01)

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait()

    def expect(self, client, text):
        self.assertEqual(client.lines.readline().decode(), text)

    def scenario(self, number):
        names = [f"u{number}_{i}" for i in range(3)]
        alice, bob, carol = clients = [Client() for _ in names]
        for client, name in zip(clients, names):
            client.send(f"NICK {name}\n")
            self.expect(client, f"OK {name}\n")
        alice.send("hello all\n")
        self.expect(bob, "hello all\n")
        self.expect(carol, "hello all\n")
        bob.send("second\n")
        self.expect(alice, "second\n")
        self.expect(carol, "second\n")
        alice.send(f"@{names[2]} private text\n")
        self.expect(carol, f"@{names[2]} private text\n")
        alice.send("@nobody x\n")
        self.expect(alice, "ERR nosuchnick\n")
        bob.send(f"NICK {names[0]}\n")
        self.expect(bob, "ERR nick\n")
        for part in ("fra", "gment", "ed\n"):
            carol.send(part)
        self.expect(alice, "fragmented\n")
        self.expect(bob, "fragmented\n")
        alice.close()
        bob.send("after\n")
        self.expect(carol, "after\n")
        bob.close()
        carol.close()


def one(number):
    return lambda self: self.scenario(number)


for round_number in range(int(os.environ["CHAT_ROUNDS"])):
    setattr(ThreeClients, f"test_{round_number}", one(round_number))
