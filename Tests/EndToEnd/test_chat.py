# SPDX-License-Identifier: Apache-2.0
"""`splitclient chat` in scripts, through pipes."""

import contextlib
import re
import socket
import subprocess
import threading
import time
import unittest

from chatting import ChatTest, OneClient, frame, received, FRAME
from support import BIN, finish
from terminal import Screen


class ScriptTest(ChatTest):
    """Through pipes: no control sequences, exit statuses, all that was said arrives."""

    def test_padded(self):
        server = self.serve("padded")
        output, errors = self.chat(
            "padded", server.port, "Scott", "--cut", "bytes",
            typed="Hello world!\n/create 168_tas\n/list\n/what \\ is\n")
        self.assertEqual(
            "Not currently in any channel. Must join a channel before sending messages.\n"
            "168_tas\n"
            "/what \\ is is not a valid control message. "
            "Valid messages are /create, /list, and /join.\n", output)
        self.assertEqual("splitclient: 995 cuts planned, 995 proven\n", errors)

    def test_padded_sends_frames_and_shows_them_when_they_are_whole(self):
        got = []

        def talk(client):
            got.append(received(client, FRAME))
            text = frame("one") + frame("two  words") + frame("  three")
            for start in range(0, len(text), 70):
                client.sendall(text[start:start + 70])
                time.sleep(0.001)
            got.append(received(client, FRAME))
            received(client, 1)

        server = OneClient(self, talk)
        output, _ = self.chat("padded", server.port, "ann", typed="a line\n")
        self.assertEqual([frame("ann"), frame("a line")], got)
        self.assertEqual("one\ntwo  words\n  three\n", output)

    def test_padded_with_prompts_reads_as_on_a_terminal(self):
        def talk(client):
            received(client, FRAME)
            client.sendall(frame("x") + frame("[bob] hello"))
            received(client, 1)

        output, _ = self.chat("padded", OneClient(self, talk).port, "ann", "--prompts")
        self.assertTrue(output.startswith("[Me] \r    \rx\n"), output)
        screen = Screen(80)
        screen.feed(output.replace("\n", "\r\n"))  # As a terminal does.
        self.assertEqual(["x", "[bob] hello"], screen.lines[:2])

    def test_hello(self):
        output, _ = self.chat(
            "hello", self.serve("hello").port, typed="a b\nann\nLIST\n@ann hi  thère\nSEND bob x\n")
        self.assertEqual(
            "Name: \nBAD-RQST-BODY (something is missing or not allowed)\nName: \nHELLO ann\n"
            "LIST-OK ann\n[ann] hi  thère\nSEND-OK\n"
            "BAD-DEST-USER (nobody of this name is logged in)\n", output)

    def test_json(self):
        server = self.serve("json")
        output, _ = self.chat(
            "json", server.port, "--cut", "tokens", typed="login ann\nmsg \"hi\" \\o/ é\nnames\n")
        stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d "
        lines = re.sub(stamp, "T ", output).splitlines()
        self.assertEqual('T [ann] "hi" \\o/ é', lines[1])
        self.assertEqual("T [server] ann", lines[2])
        output, _ = self.chat("json", server.port, "bob", typed="logout\n")
        lines = re.sub(stamp, "T ", output).splitlines()
        self.assertEqual('T [ann] "hi" \\o/ é', lines[1])

    def test_callback(self):
        server = self.serve("callback", "{users}")
        output, _ = self.chat(
            "callback", server.port, "--cut", "at:1,-1",
            typed="user1\nwrong\nuser1\nSecret1\n/list\n/to user1 Hello!  You\n/exit\n")
        questions = "Please input your user name:\nPlease input your password:\n"
        self.assertEqual(
            questions + "102 Authentication failed\n" + questions
            + "101 Authentication successful\n201 Build connection successful\n301 user1\n"
            "[user1] Hello!  You\n303 Message delivery successful\n310 Bye bye\n", output)

    def test_callback_joins_nothing_as_each_command_waits_for_its_answer(self):
        server = self.serve("callback", "{users}")
        for plan in ("coalesce:2", "straddle"):
            output, _ = self.chat(
                "callback", server.port, "--cut", plan,
                typed="user1\nSecret1\n/list\n/list\n/exit\n")
            self.assertTrue(
                output.endswith("successful\n301 user1\n301 user1\n310 Bye bye\n"), output)

    def test_callback_confirms_messages_that_come_cut_and_joined_once_each(self):
        receipts = []

        def talk(client):
            lines = client.makefile("rwb", buffering=0)
            self.assertEqual(b"/login ann pw\n", lines.readline())
            lines.write(b"101 Authentication successful\n")
            port = int(lines.readline().removeprefix(b"/port "))
            with socket.create_connection(("127.0.0.1", port), 20) as back:
                lines.write(b"201 Build connection successful\n")
                for part in (b"/from bob o", b"ne\n/broadcastfrom eve tw", b"o\n/from bob three\n"):
                    back.sendall(part)
                    time.sleep(0.002)
                receipts.append(received(back, 3 * 31))
                back.settimeout(0.2)
                with contextlib.suppress(TimeoutError):
                    receipts.append(back.recv(1))

        output, errors = self.chat(
            "callback", OneClient(self, talk).port, "--cut", "bytes", typed="ann\npw\n/list\n",
            status=1)
        self.assertEqual([3 * b"302 Message receipt successful\n"], receipts)
        self.assertIn("[bob] one\n[eve to all] two\n[bob] three\n", output)
        self.assertIn("has disconnected\n", errors)

    def test_callback_ends_where_its_port_is_refused(self):
        def talk(client):
            lines = client.makefile("rwb", buffering=0)
            lines.readline()
            lines.write(b"101 Authentication successful\n")
            lines.readline()
            lines.write(b"202 Build connection failed\n")

        output, _ = self.chat("callback", OneClient(self, talk).port, typed="a\nb\n/list\n", status=1)
        self.assertTrue(output.endswith("202 Build connection failed\n"), output)

    def test_channels(self):
        server = self.serve("channels", "--password-cost", "min")
        output, _ = self.chat(
            "channels", server.port, "--cut", "every:3",
            typed="REGISTER ann pw\nLOGIN ann pw\nCREATE c\nJOIN c\nSAY c 語  hi\nCHANNELS\n")
        self.assertEqual(
            "RESULT REGISTER 1\nRESULT LOGIN 1\nRESULT CREATE c 1\nRESULT JOIN c 1\n"
            "[ann c] 語  hi\nRESULT CHANNELS c\n", output)

    def test_channels_says_what_follows_a_join_that_takes_its_time(self):
        server = self.serve("channels")  # With passwords that take a tenth of a second each.
        lines = "REGISTER ann pw\nLOGIN ann pw\nCREATE tea\nJOIN tea\nhello\nhello again\n"
        said = "[ann tea] hello\n[ann tea] hello again\n"
        output, _ = self.chat("channels", server.port, typed=lines)
        self.assertTrue(output.endswith("RESULT JOIN tea 1\n" + said), output)
        # The membership has outlived the connection: a second JOIN is answered with 0.
        output, _ = self.chat(
            "channels", server.port, typed="LOGIN ann pw\nJOIN tea\nhello\nhello again\n")
        self.assertIn("RESULT JOIN tea 0\n(", output)
        self.assertTrue(output.endswith(said), output)

    def test_channels_goes_on_where_a_request_is_not_answered(self):
        got = []

        def talk(client):
            lines = client.makefile("rb")
            got.extend(lines.readline() for _ in range(2))
            lines.read()  # It is the client that ends it.

        self.chat(
            "channels", OneClient(self, talk).port, "--wait", "300ms",
            typed="LOGIN ann pw\nCHANNELS\n")
        self.assertEqual([b"LOGIN ann pw\n", b"CHANNELS\n"], got)

    def test_nothing_is_waited_for_longer_than_wished(self):
        got = []

        def read_only(client):
            got.append(client.makefile("rb").read())  # It is the client that ends it.

        server = OneClient(self, read_only)
        self.chat("hello", server.port, "ann", "--wait", "200ms", typed="LIST\nx\n", seconds=10)
        server.thread.join(20)
        server = OneClient(self, read_only)
        output, _ = self.chat(
            "callback", server.port, "--wait", "200ms", typed="ann\npw\n/list\n", status=1,
            seconds=10)
        server.thread.join(20)
        self.assertTrue(output.endswith("(the server has not answered the login)\n"), output)
        self.assertEqual([b"HELLO-FROM ann\nLIST\nx\n", b"/login ann pw\n"], got)

    def test_a_server_that_never_reads_is_given_up(self):
        is_over = threading.Event()
        server = OneClient(self, lambda _: is_over.wait(20))
        self.addCleanup(is_over.set)
        _, errors = self.chat(
            "padded", server.port, "ann", "--wait", "300ms", typed="x\n" * 100_000, status=1,
            seconds=10)
        self.assertEqual(
            "splitclient: error: the server has not taken what was said for 300 ms; "
            "what was said after that is lost\n", errors)

    def test_json_says_nothing_before_its_login_is_answered(self):
        early = []

        def talk(client):
            received(client, len('{"request": "login", "content": "ann"}'))
            client.settimeout(0.3)
            with contextlib.suppress(TimeoutError):
                early.append(client.recv(1))
            client.settimeout(20)
            client.sendall(b'{"timestamp":1,"sender":null,"response":"info","content":"in"}')
            while client.recv(4096):
                pass

        output, _ = self.chat("json", OneClient(self, talk).port, typed="login ann\nmsg hi\n")
        self.assertEqual([], early)
        self.assertEqual("1 in\n", output)

    def test_what_a_server_sends_is_harmless(self):
        def talk(client):
            received(client, FRAME)
            client.sendall("\x1b[2J\x07\u202e".encode().ljust(FRAME) + b"\xff\r".ljust(FRAME))
            received(client, 1)

        output, _ = self.chat("padded", OneClient(self, talk).port, "ann")
        self.assertEqual("\\x1B[2J\\x07\\xE2\\x80\\xAE\n\\xFF\n", output)

    def test_nobody_to_connect_to(self):
        output, errors = self.chat("padded", 1, "ann", status=3)
        self.assertEqual("", output)
        self.assertIn("Unable to connect to 127.0.0.1:1\n", errors)

    def test_a_server_that_goes_away_while_the_input_is_open(self):
        server = self.serve("padded")
        process = subprocess.Popen(
            [str(BIN / "splitclient"), "chat", "padded", "127.0.0.1", str(server.port), "ann"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment())
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        self.assertIn(b"Not currently", process.stdout.readline())
        server.end()
        self.assertEqual(1, finish(process, 20))
        said = process.stderr.read().decode()
        self.assertEqual(f"Server at 127.0.0.1:{server.port} has disconnected\n", said)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


if __name__ == "__main__":
    unittest.main()
