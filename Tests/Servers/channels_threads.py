#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A correct server for `channels`: a thread that reads and one that writes for each client.

    python3 channels_threads.py PORT [DATABASE] [--history N] [--password-cost min]
        [--silent-repeats | --ending-repeats [--refusing]]

It was written from docs/protocols/channels.md and shares nothing with the reference server. It does
not federate. Where the page leaves something open, it does what the reference server does not:

    register.logs-in           it does
    login.twice                the connection goes over to the user of the second login
    login.elsewhere            the later login counts, and the earlier connection ends
    create.joins               it does
    join.twice                 1, without the history
    join.membership            ends with the connection
    history.position           before the RESULT
    channels.others            not listed
    channels.empty             without a trailing space
    channels.before-login      no answer
    a list                     in the order of the joining, separated by a comma alone
    framing.carriage-return    counts as a character
    say.leading-colon          one colon is taken off
    say.edge-spaces            stripped

With --silent-repeats the second LOGIN of a connection, and the second JOIN of a channel, are left
without an answer; with --ending-repeats the second LOGIN ends the connection, with --refusing after
a 0.
"""

import argparse
import hashlib
import hmac
import os
import queue
import signal
import socket
import sqlite3
import threading
import time

LONGEST = 1 << 17
BEHIND = 4096  # Lines that wait for a client which does not read; then it is dropped.

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS user (name BLOB PRIMARY KEY, salt BLOB, hash BLOB);
CREATE TABLE IF NOT EXISTS channel (name BLOB PRIMARY KEY);
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY, channel BLOB, sender BLOB, text BLOB);
CREATE INDEX IF NOT EXISTS message_of_channel ON message (channel, number);
"""


class Store:
    """Accounts, channels and messages, each stored when the call returns; one thread at a time."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.database.executescript(TABLES)

    def add_user(self, name, salt, digest):
        return self.insert("INSERT OR IGNORE INTO user VALUES (?, ?, ?)", name, salt, digest)

    def find_user(self, name):
        rows = self.database.execute("SELECT salt, hash FROM user WHERE name = ?", (name,))
        return rows.fetchone()

    def add_channel(self, name):
        return self.insert("INSERT OR IGNORE INTO channel VALUES (?)", name)

    def has_channel(self, name):
        rows = self.database.execute("SELECT 1 FROM channel WHERE name = ?", (name,))
        return rows.fetchone() is not None

    def add_message(self, channel, sender, text):
        self.insert(
            "INSERT INTO message (channel, sender, text) VALUES (?, ?, ?)", channel, sender, text)

    def last_messages(self, channel, count):
        rows = self.database.execute(
            "SELECT sender, text FROM message WHERE channel = ? ORDER BY number DESC LIMIT ?",
            (channel, count))
        return list(rows)[::-1]

    def insert(self, statement, *values):
        return self.database.execute(statement, values).rowcount == 1


class Lines:
    """Takes lines from a connection, each when its newline is there."""

    def __init__(self, connection):
        self.connection = connection
        self.pending = bytearray()

    def next(self):
        """The next line without its newline; None at the end, and for half a line."""
        searched = 0
        while (end := self.pending.find(b"\n", searched)) < 0:
            searched = len(self.pending)
            chunk = self.receive()
            if not chunk or searched > LONGEST:
                return None
            self.pending += chunk
        line = bytes(self.pending[:end])
        del self.pending[:end + 1]
        return line

    def receive(self):
        try:
            return self.connection.recv(4096)
        except OSError:
            return b""


def is_name(name, refused):
    return 0 < len(name) <= 255 and not any(byte in refused for byte in name)


def is_text(line):
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class Session:
    """One client: who it is, which channels it is in, and what waits to be written to it."""

    lines_type = Lines

    def __init__(self, server, connection):
        self.server = server
        self.connection = connection
        self.user = None
        self.channels = []
        self.waiting = queue.Queue()

    def run(self):
        threading.Thread(target=self.write, daemon=True).start()
        lines = self.lines_type(self.connection)
        while (line := lines.next()) is not None:
            self.handle(line)
        with self.server.lock:
            self.log_out()
        self.waiting.put(None)

    def write(self):
        """Sends what waits; closes when nothing more can come."""
        while (line := self.waiting.get()) is not None:
            try:
                self.connection.sendall(line + b"\n")
            except OSError:
                break
        self.shut()
        self.connection.close()

    def shut(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It is over already.

    def tell(self, line):
        if self.waiting.qsize() < BEHIND:
            self.waiting.put(line)
        else:
            self.shut()

    def log_out(self):
        if self.server.online.get(self.user) is self:
            del self.server.online[self.user]
        for channel in self.channels:
            self.server.members[channel].remove(self)
        self.user, self.channels = None, []

    # Commands

    def handle(self, line):
        if not is_text(line):
            return
        words = line.split(b" ")
        if self.server.ignores_repeats and self.is_repeat(words):
            return
        if self.server.ends_repeats and self.is_second_login(words):
            if self.server.refuses_repeats:
                self.result(b"LOGIN", False)
            return self.waiting.put(None)
        if words[0] == b"REGISTER" and len(words) == 3:
            self.register(words[1], words[2])
        elif words[0] == b"LOGIN" and len(words) == 3:
            self.log_in(words[1], words[2])
        elif words[0] == b"SAY" and len(words) > 2:
            text = line.split(b" ", 2)[2]
            if text:
                self.say(words[1], text)
        elif words[0] in (b"CREATE", b"JOIN") and len(words) == 2:
            act = self.create if words[0] == b"CREATE" else self.join
            with self.server.lock:
                is_done = self.user is not None and act(words[1])
                self.result(words[0], words[1], is_done)
        elif line == b"CHANNELS" and self.user is not None:
            self.tell(b" ".join([b"RESULT CHANNELS", b",".join(self.channels)]).strip())

    def is_second_login(self, words):
        return words[0] == b"LOGIN" and len(words) == 3 and self.user is not None

    def is_repeat(self, words):
        if words[0] == b"LOGIN":
            return self.user is not None
        return words[0] == b"JOIN" and b" ".join(words[1:]) in self.channels

    def result(self, *words):
        *words, is_done = words
        self.tell(b" ".join([b"RESULT", *words, b"1" if is_done else b"0"]))

    def register(self, name, password):
        salt = os.urandom(16)
        digest = self.server.digest(password, salt)
        with self.server.lock:
            is_new = is_name(name, b"@:") and password and (
                self.server.store.add_user(name, salt, digest))
            if is_new and self.user is None:
                self.enter(name)
            self.result(b"REGISTER", is_new)

    def log_in(self, name, password):
        with self.server.lock:
            salt, known = self.server.store.find_user(name) or (bytes(16), None)
        # An unknown user takes as long.
        digest = self.server.digest(password, salt)
        is_right = known is not None and hmac.compare_digest(digest, known)
        with self.server.lock:
            if is_right:
                self.enter(name)
            self.result(b"LOGIN", is_right)

    def enter(self, name):
        if self.user == name:
            return
        self.log_out()
        former = self.server.online.get(name)
        if former:
            former.log_out()
            former.waiting.put(None)
        self.user = name
        self.server.online[name] = self

    def create(self, channel):
        if not is_name(channel, b"@:,") or not self.server.store.add_channel(channel):
            return False
        self.become_member(channel)
        return True

    def join(self, channel):
        if not self.server.store.has_channel(channel):
            return False
        if channel not in self.channels:
            self.become_member(channel)
            for sender, text in self.server.store.last_messages(channel, self.server.history):
                self.tell(b" ".join([b"RECV", sender, channel, text]))
        return True

    def become_member(self, channel):
        self.channels.append(channel)
        self.server.members.setdefault(channel, []).append(self)

    def say(self, channel, text):
        text = text.strip(b" \t").removeprefix(b":")
        with self.server.lock:
            if channel not in self.channels:
                return self.result(b"SAY", False)
            self.server.store.add_message(channel, self.user, text)
            line = b" ".join([b"RECV", self.user, channel, text])
            for member in self.server.members[channel]:
                member.tell(line)


class Server:
    """What all sessions share; the lock is for all of it, and no password is hashed under it."""

    def __init__(self, options, session_type=Session, store_type=Store):
        self.store = store_type(options.database)
        self.history = options.history
        self.ignores_repeats = options.silent_repeats
        self.ends_repeats = options.ending_repeats
        self.refuses_repeats = options.refusing
        self.work = 2 if options.password_cost == "min" else 1 << 14
        self.session_type = session_type
        self.lock = threading.Lock()
        self.online = {}
        self.members = {}

    def digest(self, password, salt):
        return hashlib.scrypt(password, salt=salt, n=self.work, r=8, p=1, maxmem=1 << 26)

    def serve(self, listener):
        threading.stack_size(256 * 1024)
        while True:
            try:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                time.sleep(0.05)  # Out of descriptors, or the client is gone already.
                continue
            threading.Thread(target=self.session_type(self, connection).run, daemon=True).start()


def listening(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def argument_parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("database", nargs="?", default=":memory:")
    parser.add_argument("--history", type=int, default=50)
    parser.add_argument("--silent-repeats", action="store_true")
    parser.add_argument("--ending-repeats", action="store_true")
    parser.add_argument("--refusing", action="store_true")
    parser.add_argument("--password-cost", choices=["interactive", "min"], default="interactive")
    return parser


def main(options, session_type=Session, store_type=Store):
    # Whatever its threads wait for: what was acknowledged is stored.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    server = Server(options, session_type, store_type)
    listener = listening(options.port)
    print("serving on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    server.serve(listener)


if __name__ == "__main__":
    main(argument_parser().parse_args())
