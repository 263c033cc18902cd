# SPDX-License-Identifier: Apache-2.0
"""`splitclient chat` and a person on a terminal."""

import fcntl
import os
import signal
import struct
import termios
import threading
import unittest

from chatting import ChatTest, OneClient, frame, received, FRAME
from support import BIN, finish, wait_until
from terminal import Person, PersonAtAShell


class TerminalTest(ChatTest):
    """On a terminal: lines are edited, and what comes in leaves them alone."""

    def person(self, server, *words, **options):
        return Person(self, self.protocol, "127.0.0.1", str(server.port), *words, **options)

    def ann(self, **options):
        """A server of `padded`, and Ann at her prompt."""
        server = self.serve("padded")
        ann = self.person(server, "ann", **options)
        ann.sees("[Me]")
        return server, ann

    def ann_in_tea(self, **options):
        """The same, after her first line."""
        server, ann = self.ann(**options)
        ann.type("/create tea\r")
        ann.sees("[Me] /create tea", "[Me]")
        return server, ann

    def hello_in_between(self):
        """A server of one client, to which it says hello when that is let happen: its port, the
        event that lets it, and the frame that comes behind it."""
        got, may_speak = [], threading.Event()

        def talk(client):
            received(client, FRAME)
            may_speak.wait(20)
            client.sendall(frame("hello"))
            got.append(received(client, FRAME))
            client.recv(1)

        return OneClient(self, talk).port, may_speak, got

    def test_padded(self):
        server, ann = self.ann_in_tea()
        bob = self.person(server, "bob")
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
        server, ann = self.ann_in_tea(columns=20)
        ann.type("one two three four five six")
        typed = ("[Me] one two three f", "our five six")
        ann.sees(*typed)
        bob = self.person(server, "bob")
        bob.type("/join tea\rhello\r")
        ann.sees("[Me] /create tea", "bob has joined", "[bob] hello", *typed)

    def test_lines_are_kept_in_a_history(self):
        _, ann = self.ann_in_tea()
        ann.type("\x1b[A")
        ann.sees("[Me] /create tea", "[Me] /create tea")
        ann.type("\r")
        wait_until(lambda: any("already exists" in line for line in ann.look()), "an answer")

    def test_control_d_ends_it_and_leaves_the_terminal_as_it_was(self):
        _, ann = self.ann()
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
                ann = self.person(server, f"ann{number}")
                ann.sees("[Me]")
                for key in keys if not keys.startswith("\x1b") else [keys]:
                    ann.type(key)
                    ann.look()
                # What follows a lone escape at once belongs to it.
                ann.type("\x15/what\r")
                wait_until(lambda: "/what is not" in "".join(ann.look()).replace(
                    "\n", ""), f"{what}: {ann.raw!r}")
                self.assertIsNone(ann.process.poll())
                ann.type("abc\x15")
                ann.type("\x04")
                self.assertEqual(0, finish(ann.process, 20))

    def test_up_and_down_again_leave_an_empty_line(self):
        _, ann = self.ann_in_tea()
        ann.type("\x1b[A")
        ann.sees("[Me] /create tea", "[Me] /create tea")
        ann.type("\x1b[B")
        ann.sees("[Me] /create tea", "[Me]")
        ann.type("/list\r")
        ann.sees("[Me] /list", "tea", "[Me]")

    def test_keys_that_would_wait_for_further_keys_only_ring(self):
        server, ann = self.ann_in_tea()
        bob = self.person(server, "bob")
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
        _, ann = self.ann()
        ann.type("\x16\x04")
        self.assertEqual(0, finish(ann.process, 20))

    def test_a_message_is_shown_behind_the_beginning_of_a_sequence(self):
        port, may_speak, got = self.hello_in_between()
        ann = Person(self, "padded", "127.0.0.1", port, "ann")
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
        port, may_speak, got = self.hello_in_between()
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
        _, ann = self.ann()
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
        server, ann = self.ann_in_tea()
        ann.type("ab\x1b")
        bob = self.person(server, "bob")
        bob.type("/join tea\r")
        ann.sees("bob has joined", "[Me] ab")

    def test_a_terminal_that_goes_away_ends_it(self):
        _, ann = self.ann()
        ann.type("half")
        ann.sees("[Me] half")
        os.close(ann.slave)
        os.close(ann.terminal)
        self.assertIn(finish(ann.process, 20), (0, 1))

    def test_an_interrupt_ends_it_with_130(self):
        server = self.serve("json")
        ann = self.person(server)
        ann.sees(">")
        ann.process.send_signal(signal.SIGINT)
        self.assertEqual(130, finish(ann.process, 20))
        self.assertTrue(ann.echoes)

    def test_a_server_that_dies_is_told_and_ends_it(self):
        server, ann = self.ann(columns=80)
        ann.type("half")
        ann.sees("[Me] half")
        server.end()
        self.assertEqual(1, finish(ann.process, 20))
        ann.sees(f"Server at 127.0.0.1:{server.port} has disconnected")

    def test_callback_hides_the_password(self):
        server = self.serve("callback", "{users}")
        ann = self.person(server, columns=60)
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
        ann = self.person(server, "ann", columns=80)
        wait_until(lambda: any("logged in" in line for line in ann.look()), "a login")
        self.chat("json", server.port, "bob", typed="msg hello\nlogout\n")
        wait_until(lambda: any("[bob] hello" in line for line in ann.look()), "bob's message")
        ann.sees(ann.look()[-2], ">")


if __name__ == "__main__":
    unittest.main()
