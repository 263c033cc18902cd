# SPDX-License-Identifier: Apache-2.0
"""What the tests of `splitclient chat` share: its servers, and calls of it through pipes."""

import contextlib
import socket
import subprocess
import tempfile
import threading

from support import BIN, ProgramTest

FRAME = 200


class OneClient:
    """A server for one client that does what a test says; `talk` gets its socket."""

    def __init__(self, test, talk):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = str(self.listener.getsockname()[1])
        self.thread = threading.Thread(target=self.run, args=(talk,), daemon=True)
        self.thread.start()
        test.addCleanup(self.thread.join, 20)
        test.addCleanup(self.listener.close)

    def run(self, talk):
        client, _ = self.listener.accept()
        with client, contextlib.suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.settimeout(20)
            talk(client)


def received(client, count):
    data = b""
    while len(data) < count and (part := client.recv(count - len(data))):
        data += part
    return data


def frame(text):
    return text.encode().ljust(FRAME)


class ChatTest(ProgramTest):
    def serve(self, protocol, *words):
        self.protocol = protocol
        return self.start(" ".join([self.refserver(), *words]))

    def chat(self, protocol, port, *words, typed="", status=0, seconds=30):
        """From a script: what it printed, and what it said on standard error."""
        with tempfile.TemporaryFile() as typing:
            typing.write(typed.encode())
            typing.seek(0)
            done = subprocess.run(
                [str(BIN / "splitclient"), "chat", protocol, "127.0.0.1", str(port), *words],
                stdin=typing, capture_output=True, timeout=seconds, env=self.environment(),
                check=False)
        self.assertEqual(status, done.returncode, done)
        return done.stdout.decode(), done.stderr.decode()
