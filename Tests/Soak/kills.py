#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a server of `channels` again and again at random moments under load: SIGKILL, restart, look.

    kills.py [--kills N] [--launch LINE] [--seed N] [--keep DIR]

One database lives through all of it. After each restart everything that a client was told is asked
for: every account logs in, every channel is there, every member may speak, and who joins a channel
is told every message whose RECV its sender had seen, once and in order; what was on its way when the
server died may be there, once, or not. At the end SQLite looks the file through.

Exit status: 0 nothing was lost and nothing doubled; 1 something was, or the server did not start
again; 130 interrupted. The database is kept in DIR then.
"""

import argparse
import os
import random
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("CHATSPEC_BIN") or ROOT / ".build" / "release").resolve()
LAUNCH = "{bin}/refserver channels {port} --database {database} --password-cost min --history 1000"

TALKERS = 6
LONGEST_LIFE = 0.12
# What one talker says in one life: all of a channel is to fit into the history that is told.
MOST_SAID = 300
# No answer takes so many seconds.
PATIENCE = 30


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--launch", default=LAUNCH, help="the server's line; default: refserver")
    parser.add_argument("--seed", type=int, help="of the moments; default: another each time")
    parser.add_argument("--keep", default=str(ROOT / "results" / "kills"), help="for the database")
    return parser.parse_args()


class Server:
    """One life of the server."""

    def __init__(self, line, database):
        for name, value in {"bin": str(BIN), "port": "0", "database": str(database)}.items():
            line = line.replace(f"{{{name}}}", value)
        self.process = subprocess.Popen(
            shlex.split(line), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        said = self.process.stdout.readline().decode().strip()
        try:
            self.port = int(said.rpartition(":")[2])
        except ValueError:
            self.kill()
            raise Broken(f"the server did not start again: {said!r}") from None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Broken(Exception):
    """The server is not as it has to be."""


class Gone(Exception):
    """The connection has ended."""


class Client:
    def __init__(self, server, name=""):
        self.name = name
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")

    def send(self, line):
        try:
            self.socket.sendall(line.encode() + b"\n")
        except OSError:
            raise Gone from None

    def next(self):
        try:
            line = self.lines.readline()
        except TimeoutError:
            raise Broken("there was no answer in time") from None
        except OSError:
            raise Gone from None
        if not line.endswith(b"\n"):
            raise Gone
        return line[:-1].decode()

    def ask(self, line, answer):
        """Sends and reads up to the answer; what came before it."""
        self.send(line)
        before = []
        while (came := self.next()) != answer:
            if came.startswith("RESULT "):
                raise Broken(f"{line!r} was answered {came!r}, not {answer!r}")
            before.append(came)
        return before

    def close(self):
        self.lines.close()
        self.socket.close()


class Talker:
    """A user who registers, makes a channel of their own and one for all, and talks in both."""

    def __init__(self, name, shared):
        self.name = name
        self.shared = shared
        # What the server has acknowledged, in order, and what was asked for last.
        self.account = False
        self.created = []
        self.joined = []
        self.said = {}
        self.pending = None

    def live(self, server):
        """Talks until the server dies."""
        try:
            client = Client(server)
        except OSError:
            return
        try:
            self.talk(client)
        except Gone:
            client.close()

    def talk(self, client):
        client.ask(f"REGISTER {self.name} pw-{self.name}", "RESULT REGISTER 1")
        self.account = True
        client.ask(f"LOGIN {self.name} pw-{self.name}", "RESULT LOGIN 1")
        own = f"own-{self.name}"
        client.ask(f"CREATE {own}", f"RESULT CREATE {own} 1")
        self.created.append(own)
        for channel in (own, self.shared):
            client.ask(f"JOIN {channel}", f"RESULT JOIN {channel} 1")
            self.joined.append(channel)
        for number in range(1, MOST_SAID + 1):
            self.say(client, own if number % 2 else self.shared, f"{number} of {self.name}")
        while True:
            client.next()

    def say(self, client, channel, text):
        self.pending = (channel, text)
        client.ask(f"SAY {channel} {text}", f"RECV {self.name} {channel} {text}")
        self.said.setdefault(channel, []).append(text)
        self.pending = None

    def check(self, server):
        """Logs in again and speaks where they are a member."""
        if not self.account:
            return
        client = Client(server)
        client.ask(f"LOGIN {self.name} pw-{self.name}", "RESULT LOGIN 1")
        for channel in self.joined:
            text = f"again {self.name}"
            client.ask(f"SAY {channel} {text}", f"RECV {self.name} {channel} {text}")
        client.close()


def check_channel(witness, channel, talkers):
    """Joins, and compares what is told with what was acknowledged."""
    witness.send(f"JOIN {channel}")
    mark = f"mark {channel}"
    told = []
    while (line := witness.next()) != f"RESULT JOIN {channel} 1":
        if line.startswith("RESULT "):
            raise Broken(f"channel {channel} is lost: {line!r}")
        told.append(line)
    told += witness.ask(f"SAY {channel} {mark}", f"RECV {witness.name} {channel} {mark}")
    rest = [line.removeprefix("RECV ") for line in told]
    for talker in talkers:
        own = [line for line in rest if line.startswith(f"{talker.name} ")]
        rest = [line for line in rest if not line.startswith(f"{talker.name} ")]
        check_talk(channel, talker, own)
    if rest:
        raise Broken(f"{channel}: nobody has said {rest[0]!r}")


def check_talk(channel, talker, told):
    wanted = [f"{talker.name} {channel} {text}" for text in talker.said.get(channel, [])]
    possible = wanted
    if talker.pending and talker.pending[0] == channel:
        possible = [*wanted, f"{talker.name} {channel} {talker.pending[1]}"]
    if told not in (wanted, possible):
        lost = [line for line in wanted if line not in told]
        doubled = [line for line in set(told) if told.count(line) > 1]
        raise Broken(f"{channel}: lost {lost[:3]}, doubled {doubled[:3]}, told {told[-3:]}, "
                     f"acknowledged {wanted[-3:]}")


class Kills:
    def __init__(self, options, folder):
        self.options = options
        self.random = random.Random(options.seed)
        self.database = folder / "database"
        self.server = Server(options.launch, self.database)
        self.done = self.messages = self.accounts = 0

    def run(self, progress):
        while self.done < self.options.kills:
            self.one()
            progress(self.done)
        self.server.end()
        self.look_through()

    def one(self):
        shared = f"shared{self.done}"
        self.prepare(shared)
        talkers = [Talker(f"t{self.done}x{number}", shared) for number in range(TALKERS)]
        failures = []
        threads = [
            threading.Thread(target=self.guarded, args=(talker.live, failures), daemon=True)
            for talker in talkers]
        for thread in threads:
            thread.start()
        time.sleep(self.random.random() * LONGEST_LIFE)
        self.server.kill()
        for thread in threads:
            thread.join(PATIENCE)
        if failures:
            raise failures[0]
        self.server = Server(self.options.launch, self.database)
        self.check(shared, talkers)
        self.done += 1

    def guarded(self, live, failures):
        try:
            live(self.server)
        except Broken as error:
            failures.append(error)

    def prepare(self, shared):
        host = self.witness(f"host-{shared}")
        host.ask(f"CREATE {shared}", f"RESULT CREATE {shared} 1")
        host.close()

    def witness(self, name):
        client = Client(self.server, name)
        client.ask(f"REGISTER {name} pw", "RESULT REGISTER 1")
        client.ask(f"LOGIN {name} pw", "RESULT LOGIN 1")
        return client

    def check(self, shared, talkers):
        witness = self.witness(f"witness-{shared}")
        check_channel(witness, shared, talkers)
        for talker in talkers:
            for channel in talker.created:
                check_channel(witness, channel, [talker])
            self.messages += sum(map(len, talker.said.values()))
            self.accounts += talker.account
        witness.close()
        for talker in talkers:
            talker.check(self.server)

    def look_through(self):
        with sqlite3.connect(self.database) as database:
            result = database.execute("PRAGMA integrity_check").fetchall()
        if result != [("ok",)]:
            raise Broken(f"the database is damaged: {result[:3]}")


def main():
    options = arguments()
    if options.seed is None:
        options.seed = random.randrange(1_000_000)
    began = time.monotonic()
    status, what = 0, "nothing was lost, nothing doubled"
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        kills = None

        def progress(number):
            if sys.stderr.isatty():
                print(f"\r{number} of {options.kills} ", end="", file=sys.stderr, flush=True)

        try:
            kills = Kills(options, Path(folder))
            kills.run(progress)
        except KeyboardInterrupt:
            status, what = 130, "interrupted"
        except (Broken, Gone, OSError) as error:
            status, what = 1, f"BROKEN: {error}"
            shutil.rmtree(options.keep, ignore_errors=True)
            shutil.copytree(folder, options.keep)
            what += f"\nkept in {options.keep}"
        if kills and kills.server.process.returncode is None:
            kills.server.kill()
    if kills:
        print(f"seed {options.seed}\n{kills.done} kills in {time.monotonic() - began:.0f} s, "
              f"{kills.messages} acknowledged messages, {kills.accounts} accounts")
    print(what)
    return status


if __name__ == "__main__":
    sys.exit(main())
