# SPDX-License-Identifier: Apache-2.0
"""`splitclient chat`: in scripts through pipes, and by a person on a terminal."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest

from support import BIN, ProgramTest, finish, wait_until

FRAME = 200


class Screen:
    """What a terminal shows after what was written to it; as much of one as line editing needs."""

    SEQUENCE = re.compile(r"\x1b(?:\[([0-9;?]*)([A-Za-z@])|[()][A-Z0-9]|[=>])|(.)", re.DOTALL)

    def __init__(self, columns):
        self.columns = columns
        self.rows = [[]]
        self.row = self.column = 0

    def feed(self, text):
        for match in self.SEQUENCE.finditer(text):
            if match[3] is not None:
                self.character(match[3])
            elif match[2]:
                self.control(match[2], [int(part or 0) for part in match[1].strip("?").split(";")])

    def character(self, letter):
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self.down()
        elif letter == "\b":
            self.column = max(0, self.column - 1)
        elif letter >= " ":
            if self.column >= self.columns:
                self.column = 0
                self.down()
            line = self.rows[self.row]
            line.extend(" " * (self.column + 1 - len(line)))
            line[self.column] = letter
            self.column += 1

    def down(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append([])

    def control(self, letter, numbers):
        count = max(1, numbers[0])
        line = self.rows[self.row]
        if letter == "A":
            self.row = max(0, self.row - count)
        elif letter == "B":
            self.row = min(len(self.rows) - 1, self.row + count)
        elif letter == "C":
            self.column += count
        elif letter == "D":
            self.column = max(0, self.column - count)
        elif letter == "G":
            self.column = count - 1
        elif letter == "K":
            del line[self.column:]
        elif letter == "J":
            del line[self.column:]
            del self.rows[self.row + 1:]
        elif letter == "P":
            del line[self.column:self.column + count]
        elif letter == "@":
            line[self.column:self.column] = " " * count

    @property
    def lines(self):
        lines = ["".join(row).rstrip() for row in self.rows]
        while lines and not lines[-1]:
            lines.pop()
        return lines


class Person:
    """Somebody at a terminal with `splitclient chat` on it."""

    def __init__(self, test, *words, columns=40):
        self.start(test, [str(BIN / "splitclient"), "chat", *words], columns)

    def start(self, test, command, columns, **options):
        self.screen = Screen(columns)
        self.raw = ""
        ours, theirs = pty.openpty()
        self.terminal = ours
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env=test.environment(TERM="xterm", PS1="$ ", HISTFILE=""), close_fds=True, **options)
        self.slave = theirs
        test.addCleanup(self.end)

    def end(self):
        self.process.kill()
        self.process.wait()
        for descriptor in (self.terminal, self.slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def type(self, text):
        os.write(self.terminal, text.encode(errors="surrogateescape"))

    def look(self):
        while select.select([self.terminal], [], [], 0.01)[0]:
            part = os.read(self.terminal, 65536).decode(errors="replace")
            self.raw += part
            self.screen.feed(part)
        return self.screen.lines

    def sees(self, *lines):
        """Waits until the screen ends with these lines."""
        def holds():
            return self.look()[-len(lines):] == list(lines)
        try:
            wait_until(holds, lines)
        except AssertionError:
            raise AssertionError(f"not {lines!r}, but {self.screen.lines!r}, from {self.raw!r}") \
                from None

    @property
    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    @property
    def waits_for_lines(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ICANON)


class PersonAtAShell(Person):
    """Somebody who types commands, with job control."""

    def __init__(self, test):
        self.start(test, ["bash", "--norc", "--noprofile", "-i"], 200,
                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.sees("$")


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


class TerminalTest(ChatTest):
    """On a terminal: lines are edited, and what comes in leaves them alone."""

    def test_padded(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        bob = Person(self, "padded", "127.0.0.1", str(server.port), "bob")
        bob.sees("[Me]")
        ann.type("half a li")
        ann.sees("[Me] half a li")
        bob.type("/join tea\r")
        ann.sees("[Me] /create tea", "bob has joined", "[Me] half a li")
        bob.type("hi\r")
        ann.sees("bob has joined", "[bob] hi", "[Me] half a li")
        self.assertIn("\r    \r", ann.raw)
        ann.type("\x7fne\r")
        bob.sees("[Me] hi", "[ann] half a lne", "[Me]")

    def test_a_typed_line_of_several_rows_is_drawn_again_whole(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann", columns=20)
        ann.sees("[Me]")
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        ann.type("one two three four five six")
        typed = ("[Me] one two three f", "our five six")
        ann.sees(*typed)
        bob = Person(self, "padded", "127.0.0.1", str(server.port), "bob")
        bob.type("/join tea\rhello\r")
        ann.sees("[Me] /create tea", "bob has joined", "[bob] hello", *typed)

    def test_lines_are_kept_in_a_history(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        ann.type("\x1b[A")
        ann.sees("[Me] /create tea", "[Me] /create tea")
        ann.type("\r")
        wait_until(lambda: any("already exists" in line for line in ann.look()), "an answer")

    def test_control_d_ends_it_and_leaves_the_terminal_as_it_was(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        self.assertFalse(ann.echoes)
        ann.type("\x04")
        self.assertEqual(0, finish(ann.process, 20))
        self.assertTrue(ann.echoes)

    def test_keys_that_leave_the_line_empty_do_not_end_it(self):
        server = self.serve("padded")
        cases = {
            "backspace": "a\x7f", "backspace on nothing": "\x7f", "control-u": "abc\x15",
            "control-w": "abc\x17", "control-k": "\x0b", "up": "\x1b[A", "left": "\x1b[D",
            "tab": "\t", "control-a": "\x01", "control-e": "\x05", "control-l": "\x0c",
            "delete": "\x1b[3~", "a word back": "\x1bb", "a lone escape": "\x1b",
            "a broken character": "a\x7f\udce9",
        }
        for number, (what, keys) in enumerate(cases.items()):
            with self.subTest(what):
                ann = Person(self, "padded", "127.0.0.1", str(server.port), f"ann{number}")
                ann.sees("[Me]")
                for key in keys if not keys.startswith("\x1b") else [keys]:
                    ann.type(key)
                    ann.look()
                if what == "a lone escape":
                    time.sleep(0.6)  # Longer than the rest of a sequence may take.
                ann.type("/what\r")
                wait_until(lambda: "/what is not" in "".join(ann.look()).replace(
                    "\n", ""), f"{what}: {ann.raw!r}")
                self.assertIsNone(ann.process.poll())
                ann.type("abc\x15")
                ann.type("\x04")
                self.assertEqual(0, finish(ann.process, 20))

    def test_up_and_down_again_leave_an_empty_line(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        ann.type("\x1b[A")
        ann.sees("[Me] /create tea", "[Me] /create tea")
        ann.type("\x1b[B")
        ann.sees("[Me] /create tea", "[Me]")
        ann.type("/list\r")
        ann.sees("[Me] /list", "tea", "[Me]")

    def test_keys_that_would_wait_for_further_keys_only_ring(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        bob = Person(self, "padded", "127.0.0.1", str(server.port), "bob")
        bob.type("/join tea\r")
        ann.sees("bob has joined", "[Me]")
        keys = {
            "search": "\x12", "quote": "\x16", "quote too": "\x00", "prefix": "\x18",
            "command": "\x1bx", "capital command": "\x1bX",
            **{f"count {digit}": f"\x1b{digit}" for digit in range(10)},
        }
        for what, key in keys.items():
            with self.subTest(what):
                bells = ann.raw.count("\a")
                ann.type("te" + key)
                wait_until(lambda: ann.look() and ann.raw.count("\a") > bells, "a bell")
                bob.type(f"{what}?\r")
                ann.sees(f"[bob] {what}?", "[Me] te")
                ann.type("\r")
                bob.sees(f"[Me] {what}?", "[ann] te", "[Me]")

    def test_control_d_behind_a_key_that_only_rings_ends_it(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("\x16\x04")
        self.assertEqual(0, finish(ann.process, 20))

    def test_a_message_is_shown_behind_the_beginning_of_a_sequence(self):
        got, may_speak = [], threading.Event()

        def talk(client):
            received(client, FRAME)
            may_speak.wait(20)
            client.sendall(frame("hello"))
            got.append(received(client, FRAME))

        ann = Person(self, "padded", "127.0.0.1", OneClient(self, talk).port, "ann")
        ann.sees("[Me]")
        ann.type("ab")
        ann.sees("[Me] ab")
        ann.type("\x1b[")
        wait_until(lambda: not self.unread(ann), "the keys to be taken")
        may_speak.set()
        ann.sees("hello", "[Me] ab")
        # Until the sequence is given up, a Return belongs to it.
        wait_until(lambda: got or ann.type("\r"), "a frame")
        self.assertEqual([frame("ab")], got)

    @staticmethod
    def unread(person):
        """How many typed bytes the program has not taken."""
        count = fcntl.ioctl(person.slave, termios.FIONREAD, struct.pack("i", 0))
        return struct.unpack("i", count)[0]

    def test_control_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back(self):
        got, may_speak = [], threading.Event()

        def talk(client):
            received(client, FRAME)
            may_speak.wait(20)
            client.sendall(frame("hello"))
            got.append(received(client, FRAME))
            client.recv(1)

        port = OneClient(self, talk).port
        ann = PersonAtAShell(self)
        ann.type(f"{BIN}/splitclient chat padded 127.0.0.1 {port} ann\r")
        ann.sees("[Me]")
        ann.type("half")
        ann.sees("[Me] half")
        ann.type("\x1a")
        wait_until(lambda: ann.look() and "Stopped" in ann.raw, "a stop")
        ann.type("stty -a | tr '; ' '\\n\\n' | grep -cx -e icanon -e echo\r")
        ann.sees("2", "$")
        ann.type("fg\r")
        ann.sees("[Me] half")
        self.assertFalse(ann.waits_for_lines)
        self.assertFalse(ann.echoes)
        may_speak.set()
        ann.sees("hello", "[Me] half")
        ann.type("\x01A")
        ann.sees("[Me] Ahalf")
        ann.type("\r")
        wait_until(lambda: got, "a frame")
        self.assertEqual([frame("Ahalf")], got)
        ann.type("\x04")
        ann.sees("$")
        ann.type("stty -a | tr '; ' '\\n\\n' | grep -cx -e icanon -e echo\r")
        ann.sees("2", "$")

    def test_a_terminal_that_was_changed_during_a_stop_is_taken_over_again(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("half")
        ann.sees("[Me] half")
        ann.process.send_signal(signal.SIGSTOP)
        os.waitpid(ann.process.pid, os.WUNTRACED)
        settings = termios.tcgetattr(ann.slave)
        settings[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(ann.slave, termios.TCSANOW, settings)
        os.write(ann.slave, b"\r\x1b[Jsomething else\n")
        ann.sees("something else")
        ann.process.send_signal(signal.SIGCONT)
        ann.sees("something else", "[Me] half")
        self.assertFalse(ann.waits_for_lines)
        self.assertFalse(ann.echoes)

    def test_a_stop_during_a_password_shows_what_is_typed_in_the_shell_only(self):
        server = self.serve("callback", "{users}")
        ann = PersonAtAShell(self)
        ann.type(f"{BIN}/splitclient chat callback 127.0.0.1 {server.port}\r")
        ann.sees("Please input your user name:")
        ann.type("user1\r")
        ann.sees("Please input your user name:user1", "Please input your password:")
        wait_until(lambda: not ann.echoes, "no echo")
        ann.type("\x1a")
        wait_until(lambda: ann.look() and "Stopped" in ann.raw, "a stop")
        ann.type("fg\r")
        ann.sees("Please input your password:")
        wait_until(lambda: not ann.echoes and ann.waits_for_lines, "no echo")
        ann.type("Secret1\r")
        ann.sees("101 Authentication successful", "201 Build connection successful", ">")
        self.assertNotIn("Secret1", ann.raw)

    def test_a_message_is_shown_behind_a_lone_escape(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        ann.type("ab\x1b")
        bob = Person(self, "padded", "127.0.0.1", str(server.port), "bob")
        bob.type("/join tea\r")
        ann.sees("bob has joined", "[Me] ab")

    def test_a_terminal_that_goes_away_ends_it(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann")
        ann.sees("[Me]")
        ann.type("half")
        ann.sees("[Me] half")
        os.close(ann.slave)
        os.close(ann.terminal)
        self.assertIn(finish(ann.process, 20), (0, 1))

    def test_an_interrupt_ends_it_with_130(self):
        server = self.serve("json")
        ann = Person(self, "json", "127.0.0.1", str(server.port))
        ann.sees(">")
        ann.process.send_signal(signal.SIGINT)
        self.assertEqual(130, finish(ann.process, 20))
        self.assertTrue(ann.echoes)

    def test_a_server_that_dies_is_told_and_ends_it(self):
        server = self.serve("padded")
        ann = Person(self, "padded", "127.0.0.1", str(server.port), "ann", columns=80)
        ann.sees("[Me]")
        ann.type("half")
        ann.sees("[Me] half")
        server.end()
        self.assertEqual(1, finish(ann.process, 20))
        ann.sees(f"Server at 127.0.0.1:{server.port} has disconnected")

    def test_callback_hides_the_password(self):
        server = self.serve("callback", "{users}")
        ann = Person(self, "callback", "127.0.0.1", str(server.port), columns=60)
        ann.sees("Please input your user name:")
        ann.type("user1\r")
        ann.sees("Please input your user name:user1", "Please input your password:")
        wait_until(lambda: not ann.echoes, "no echo")
        ann.type("Secret1\r")
        ann.sees("101 Authentication successful", "201 Build connection successful", ">")
        self.assertNotIn("Secret1", ann.raw)
        ann.type("/to user1 hi\r")
        ann.sees("> /to user1 hi", "[user1] hi", "303 Message delivery successful", ">")
        ann.type("\x1b[A\x1b[A")
        self.assertNotIn("Secret1", ann.raw)
        ann.type("\x15/exit\r")
        self.assertEqual(0, finish(ann.process, 20))

    def test_a_message_is_shown_while_nothing_is_typed(self):
        server = self.serve("json")
        ann = Person(self, "json", "127.0.0.1", str(server.port), "ann", columns=80)
        wait_until(lambda: any("logged in" in line for line in ann.look()), "a login")
        self.chat("json", server.port, "bob", typed="msg hello\nlogout\n")
        wait_until(lambda: any("[bob] hello" in line for line in ann.look()), "bob's message")
        ann.sees(ann.look()[-2], ">")


if __name__ == "__main__":
    unittest.main()
