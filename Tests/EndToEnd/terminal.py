# SPDX-License-Identifier: Apache-2.0
"""A person at a terminal, and what is seen on its screen."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

from support import BIN, wait_until


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
